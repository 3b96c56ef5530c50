package dev.sluice.policy.auth.authorization;

import dev.sluice.ir.PolicySection;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// Section `authorization`: what those who send requests may do. The first rule that takes a
/// request decides.
///
/// @param rules in their order
/// @param allow what becomes of requests that no rule takes
public record Authorization(List<AccessRule> rules, boolean allow) implements PolicySection {

    public Authorization {
        rules = List.copyOf(rules);
    }

    /// @param name unique in the policy
    /// @param allow whether the requests that it takes pass
    public record AccessRule(String name, boolean allow, AccessConditions when) {}

    /// Which requests a rule takes: those that hold all that is set.
    ///
    /// @param methods exact
    /// @param paths prefixes by path element; a rule that denies takes any reading of a path
    /// @param claims each has to hold
    /// @param allScopes all of them are granted
    /// @param anyScope one of them is granted
    /// @param cidrs the client's address is in one of them
    /// @param principals names, or beginnings of names before a `*` at the end
    /// @param cel a condition, null for none
    public record AccessConditions(
            List<String> methods,
            List<String> paths,
            List<ClaimCondition> claims,
            List<String> allScopes,
            List<String> anyScope,
            List<String> cidrs,
            List<String> principals,
            @Nullable String cel) {

        public AccessConditions {
            methods = List.copyOf(methods);
            paths = List.copyOf(paths);
            claims = List.copyOf(claims);
            allScopes = List.copyOf(allScopes);
            anyScope = List.copyOf(anyScope);
            cidrs = List.copyOf(cidrs);
            principals = List.copyOf(principals);
        }

        String text() {
            StringJoiner text = new StringJoiner(", ");
            add(text, "method", methods);
            add(text, "path under", paths);
            claims.forEach(claimCondition ->
                    text.add(
                            claimCondition.anyOf().isEmpty()
                                    ? "claim " + claimCondition.name()
                                    : "claim "
                                            + claimCondition.name()
                                            + " is "
                                            + String.join(" or ", claimCondition.anyOf())));
            if (!allScopes.isEmpty()) {
                text.add("scopes " + String.join(" and ", allScopes));
            }
            add(text, "scope", anyScope);
            add(text, "client in", cidrs);
            add(text, "principal", principals);
            if (cel != null) {
                text.add("CEL " + cel);
            }
            return text.length() == 0 ? "always" : "if " + text;
        }

        private static void add(StringJoiner text, String what, List<String> values) {
            if (!values.isEmpty()) {
                text.add(what + " " + String.join(" or ", values));
            }
        }
    }

    /// @param name a name, or a path of names with dots between them
    /// @param anyOf values, one of which the claim is or has; empty: it is there
    public record ClaimCondition(String name, List<String> anyOf) {
        public ClaimCondition {
            anyOf = List.copyOf(anyOf);
        }
    }

    @Override
    public String text() {
        StringJoiner text = new StringJoiner("; ");
        for (AccessRule accessRule : rules) {
            text.add(
                    accessRule.name()
                            + (accessRule.allow() ? " allows " : " denies ")
                            + accessRule.when().text());
        }
        return text.add(allow ? "else allow" : "else deny").toString();
    }
}
