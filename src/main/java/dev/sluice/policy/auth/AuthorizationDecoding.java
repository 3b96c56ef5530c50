package dev.sluice.policy.auth;

import static dev.sluice.policy.auth.JwtDecoding.orEmpty;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.sluice.cel.CelExpression;
import dev.sluice.ir.PolicySection;
import dev.sluice.net.AddressBlock;
import dev.sluice.translate.Result;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decodes section `authorization`.
final class AuthorizationDecoding {

    private AuthorizationDecoding() {}

    record Written(
            @JsonProperty("default") @Nullable String otherwise,
            @Nullable List<WrittenRule> rules) {}

    record WrittenRule(String name, @Nullable Boolean allow, @Nullable WrittenWhen when) {}

    record WrittenWhen(
            @Nullable List<String> methods,
            @Nullable List<String> paths,
            @Nullable List<WrittenClaim> claims,
            @Nullable WrittenScopes scopes,
            @Nullable List<String> cidrs,
            @Nullable List<String> principals,
            @Nullable String cel) {

        static final WrittenWhen ALWAYS = new WrittenWhen(null, null, null, null, null, null, null);
    }

    record WrittenClaim(String name, @Nullable List<String> anyOf) {}

    record WrittenScopes(@Nullable List<String> allOf, @Nullable List<String> anyOf) {

        static final WrittenScopes NONE = new WrittenScopes(null, null);
    }

    static Result<PolicySection> decode(Written written) {
        List<Authorization.Rule> rules = new ArrayList<>();
        List<WrittenRule> all = orEmpty(written.rules());
        for (int i = 0; i < all.size(); i++) {
            WrittenRule rule = all.get(i);
            WrittenWhen when = rule.when() == null ? WrittenWhen.ALWAYS : rule.when();
            rules.add(
                    new Authorization.Rule(
                            rule.name(),
                            !Boolean.FALSE.equals(rule.allow()),
                            when(when, "authorization.rules[" + i + "].when.")));
        }
        return Result.of(new Authorization(rules, "Allow".equals(written.otherwise())));
    }

    private static Authorization.When when(WrittenWhen written, String field) {
        List<String> cidrs = orEmpty(written.cidrs());
        for (int i = 0; i < cidrs.size(); i++) {
            try {
                AddressBlock.parse(cidrs.get(i));
            } catch (IllegalArgumentException e) {
                throw Invalid.field(field + "cidrs[" + i + "]", String.valueOf(e.getMessage()));
            }
        }
        if (written.cel() != null) {
            try {
                CelExpression.condition(written.cel());
            } catch (IllegalArgumentException e) {
                throw Invalid.field(field + "cel", String.valueOf(e.getMessage()));
            }
        }
        WrittenScopes scopes = written.scopes() == null ? WrittenScopes.NONE : written.scopes();
        return new Authorization.When(
                orEmpty(written.methods()),
                orEmpty(written.paths()),
                orEmpty(written.claims()).stream()
                        .map(one -> new Authorization.Claim(one.name(), orEmpty(one.anyOf())))
                        .toList(),
                orEmpty(scopes.allOf()),
                orEmpty(scopes.anyOf()),
                cidrs,
                orEmpty(written.principals()),
                written.cel());
    }
}
