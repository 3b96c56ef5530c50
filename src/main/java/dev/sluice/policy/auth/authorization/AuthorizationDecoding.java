package dev.sluice.policy.auth.authorization;

import static dev.sluice.policy.auth.authentication.SectionFields.orEmpty;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.sluice.cel.CelExpression;
import dev.sluice.ir.PolicySection;
import dev.sluice.net.AddressBlock;
import dev.sluice.policy.auth.authentication.InvalidSection;
import dev.sluice.translate.status.Result;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decodes section `authorization`.
public final class AuthorizationDecoding {

    private AuthorizationDecoding() {}

    public record AuthorizationSectionSpec(
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

    public static Result<PolicySection> decode(AuthorizationSectionSpec authorizationSectionSpec) {
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
                            when(when, "authorization.rules[" + i + "].when.")));
        }
        return Result.of(
                new Authorization(rules, "Allow".equals(authorizationSectionSpec.otherwise())));
    }

    private static Authorization.AccessConditions when(
            AuthorizationWhenSpec written, String field) {
        List<String> cidrs = orEmpty(written.cidrs());
        for (int i = 0; i < cidrs.size(); i++) {
            try {
                AddressBlock.parse(cidrs.get(i));
            } catch (IllegalArgumentException e) {
                throw InvalidSection.field(
                        field + "cidrs[" + i + "]", String.valueOf(e.getMessage()));
            }
        }
        if (written.cel() != null) {
            try {
                CelExpression.condition(written.cel());
            } catch (IllegalArgumentException e) {
                throw InvalidSection.field(field + "cel", String.valueOf(e.getMessage()));
            }
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
