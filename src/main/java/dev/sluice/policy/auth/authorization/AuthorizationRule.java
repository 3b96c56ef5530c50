package dev.sluice.policy.auth.authorization;

import dev.cel.runtime.CelEvaluationException;
import dev.sluice.cel.CelExpression;
import dev.sluice.engine.Exchange;
import dev.sluice.engine.Identity;
import dev.sluice.net.AddressBlock;
import dev.sluice.path.PathPrefixes;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A rule of an authorization, ready to judge.
final class AuthorizationRule {

    private final Authorization.AccessRule accessRule;
    private final Authorization.AccessConditions accessConditions;
    private final @Nullable PathPrefixes paths;
    private final List<AddressBlock> blocks;
    private final @Nullable CelExpression condition;

    AuthorizationRule(Authorization.AccessRule accessRule) {
        this.accessRule = accessRule;
        this.accessConditions = accessRule.when();
        this.paths =
                accessConditions.paths().isEmpty()
                        ? null
                        : new PathPrefixes(accessConditions.paths());
        this.blocks = accessConditions.cidrs().stream().map(AddressBlock::parse).toList();
        this.condition =
                accessConditions.cel() == null
                        ? null
                        : CelExpression.condition(accessConditions.cel());
    }

    /// What a rule says of a request.
    enum RuleDecision {
        TAKES,
        /// It would, with more scopes.
        LACKS_SCOPES,
        PASSES_BY
    }

    boolean allows() {
        return accessRule.allow();
    }

    /// The scopes that it asks for.
    List<String> scopes() {
        return accessConditions.allScopes().isEmpty()
                ? accessConditions.anyScope()
                : accessConditions.allScopes();
    }

    RuleDecision evaluate(Exchange exchange) {
        Identity identity = exchange.identity();
        if (!isOneOf(accessConditions.methods(), exchange.method())
                || !isBelow(exchange)
                || !isWithin(exchange.clientHost())
                || !isNamed(identity)
                || !claims(identity)
                || !holds(exchange)) {
            return RuleDecision.PASSES_BY;
        }
        return hasScopes(identity) ? RuleDecision.TAKES : RuleDecision.LACKS_SCOPES;
    }

    private static boolean isOneOf(List<String> wanted, String value) {
        return wanted.isEmpty() || wanted.contains(value);
    }

    /// A rule that denies takes what any backend may read as one of its paths, one that allows only
    /// what each backend does.
    private boolean isBelow(Exchange exchange) {
        return paths == null
                || (accessRule.allow()
                        ? paths.takeAlways(exchange.path())
                        : paths.takeInAnyReading(exchange.foldedPath()));
    }

    private boolean isWithin(String client) {
        if (blocks.isEmpty()) {
            return true;
        }
        byte[] address = AddressBlock.address(client);
        return address != null && blocks.stream().anyMatch(block -> block.contains(address));
    }

    private boolean isNamed(@Nullable Identity identity) {
        if (accessConditions.principals().isEmpty()) {
            return true;
        }
        return identity != null
                && accessConditions.principals().stream()
                        .anyMatch(wanted ->
                                wanted.endsWith("*")
                                        ? identity.name()
                                                .startsWith(
                                                        wanted.substring(0, wanted.length() - 1))
                                        : identity.name().equals(wanted));
    }

    private boolean claims(@Nullable Identity identity) {
        for (Authorization.ClaimCondition wanted : accessConditions.claims()) {
            Object claim = identity == null ? null : identity.claim(wanted.name());
            if (claim == null || !hasOneOf(claim, wanted.anyOf())) {
                return false;
            }
        }
        return true;
    }

    private static boolean hasOneOf(Object claim, List<String> wanted) {
        if (wanted.isEmpty()) {
            return true;
        }
        return claim instanceof Collection<?> all
                ? all.stream().anyMatch(each -> wanted.contains(String.valueOf(each)))
                : wanted.contains(claim.toString());
    }

    private boolean hasScopes(@Nullable Identity identity) {
        Set<String> granted = identity == null ? Set.of() : identity.scopes();
        return granted.containsAll(accessConditions.allScopes())
                && (accessConditions.anyScope().isEmpty()
                        || accessConditions.anyScope().stream().anyMatch(granted::contains));
    }

    /// A condition without a result is not held by a rule that allows, and is by one that denies.
    private boolean holds(Exchange exchange) {
        if (condition == null) {
            return true;
        }
        try {
            return condition.holds(exchange);
        } catch (CelEvaluationException e) {
            return !accessRule.allow();
        }
    }
}
