package dev.sluice.policy.auth.authorization;

import dev.sluice.engine.Exchange;
import dev.sluice.engine.FilterOrder;
import dev.sluice.engine.Stage;
import dev.sluice.policy.auth.authentication.Challenge;
import dev.sluice.policy.auth.authentication.Refusals;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Lets requests pass that the first rule that takes them allows.
public final class AuthorizationStage implements Stage {

    private final List<AuthorizationRule> rules;
    private final boolean allow;
    private final Refusals refusals;
    private final List<String> challenges;

    /// @param challenges of those who did not say who they are; empty where nobody can
    public AuthorizationStage(Authorization section, Refusals refusals, List<String> challenges) {
        this.rules = section.rules().stream().map(AuthorizationRule::new).toList();
        this.allow = section.allow();
        this.refusals = refusals;
        this.challenges = List.copyOf(challenges);
    }

    @Override
    public FilterOrder order() {
        return FilterOrder.AUTHORIZATION;
    }

    @Override
    public StageResult request(Exchange exchange) {
        List<String> lacking = null;
        for (int i = 0; i < rules.size(); i++) {
            AuthorizationRule rule = rules.get(i);
            switch (rule.evaluate(exchange)) {
                case TAKES -> {
                    return rule.allows() ? StageResult.NEXT : refuse(exchange, null);
                }
                case LACKS_SCOPES -> {
                    if (rule.allows() && lacking == null) {
                        lacking = rule.scopes();
                    }
                }
                case PASSES_BY -> {}
            }
        }
        return allow ? StageResult.NEXT : refuse(exchange, lacking);
    }

    /// Who might be somebody with more rights is asked who that is (RFC 9110 15.5.2).
    private StageResult refuse(Exchange exchange, @Nullable List<String> lacking) {
        if (exchange.identity() == null && !challenges.isEmpty()) {
            return refusals.refuse(exchange, 401, "no credentials", challenges);
        }
        List<String> told =
                lacking == null || !challenges.toString().contains(Challenge.BEARER)
                        ? List.of()
                        : List.of(Challenge.insufficientScope(lacking));
        return refusals.refuse(exchange, 403, "not permitted", told);
    }
}
