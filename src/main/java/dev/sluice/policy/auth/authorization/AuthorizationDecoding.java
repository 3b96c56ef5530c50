package dev.sluice.policy.auth.authorization;

import static dev.sluice.policy.SpecReader.orEmpty;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.sluice.cel.CelExpression;
import dev.sluice.finding.FindingCode;
import dev.sluice.net.AddressBlock;
import dev.sluice.policy.SpecReader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decodes section `authorization`.
public final class AuthorizationDecoding {

    private AuthorizationDecoding() {}

    record AuthorizationSectionSpec(
            @JsonProperty("default") @Nullable String otherwise,
            @Nullable List<AuthorizationRuleSpec> rules) {}

    record AuthorizationRuleSpec(
            String name, @Nullable Boolean allow, @Nullable AuthorizationWhenSpec when) {}

    record AuthorizationWhenSpec(
            @Nullable List<String> methods,
            @Nullable List<String> paths,
            @Nullable List<ClaimConditionSpec> claims,
            @Nullable ScopesSpec scopes,
            @Nullable List<String> cidrs,
            @Nullable List<String> principals,
            @Nullable String cel) {

        static final AuthorizationWhenSpec ALWAYS =
                new AuthorizationWhenSpec(null, null, null, null, null, null, null);
    }

    record ClaimConditionSpec(String name, @Nullable List<String> anyOf) {}

    record ScopesSpec(@Nullable List<String> allOf, @Nullable List<String> anyOf) {

        static final ScopesSpec NONE = new ScopesSpec(null, null);
    }

    public static Authorization read(SpecReader in) {
        AuthorizationSectionSpec authorizationSectionSpec = in.read(AuthorizationSectionSpec.class);
        List<Authorization.AccessRule> rules = new ArrayList<>();
        List<AuthorizationRuleSpec> all = orEmpty(authorizationSectionSpec.rules());
        for (int i = 0; i < all.size(); i++) {
            AuthorizationRuleSpec rule = all.get(i);
            AuthorizationWhenSpec when =
                    rule.when() == null ? AuthorizationWhenSpec.ALWAYS : rule.when();
            rules.add(
                    new Authorization.AccessRule(
                            rule.name(),
                            !Boolean.FALSE.equals(rule.allow()),
                            when(when, in.at("rules").at(i).at("when"))));
        }
        return new Authorization(rules, "Allow".equals(authorizationSectionSpec.otherwise()));
    }

    private static Authorization.AccessConditions when(
            AuthorizationWhenSpec written, SpecReader in) {
        List<String> cidrs = orEmpty(written.cidrs());
        for (int i = 0; i < cidrs.size(); i++) {
            String cidr = cidrs.get(i);
            in.at("cidrs").at(i).check(FindingCode.INVALID_CIDR, () -> AddressBlock.parse(cidr));
        }
        String cel = written.cel();
        if (cel != null) {
            in.at("cel").check(() -> CelExpression.condition(cel));
        }
        ScopesSpec scopes = written.scopes() == null ? ScopesSpec.NONE : written.scopes();
        return new Authorization.AccessConditions(
                orEmpty(written.methods()),
                orEmpty(written.paths()),
                orEmpty(written.claims()).stream()
                        .map(one ->
                                new Authorization.ClaimCondition(one.name(), orEmpty(one.anyOf())))
                        .toList(),
                orEmpty(scopes.allOf()),
                orEmpty(scopes.anyOf()),
                cidrs,
                orEmpty(written.principals()),
                written.cel());
    }
}
