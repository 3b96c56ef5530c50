package dev.sluice.policy.auth;

import dev.sluice.engine.FilterOrder;
import dev.sluice.engine.PolicyStages;
import dev.sluice.engine.Stage;
import dev.sluice.ir.AttachedPolicy;
import dev.sluice.ir.AttachedPolicy.Mode;
import dev.sluice.ir.PolicySection;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes the stages of AuthPolicies.
public final class AuthStages implements PolicyStages {

    private final MeterRegistry registry;
    private final OffLoop offLoop = new OffLoop();
    private final Authenticators authenticators = new Authenticators();

    public AuthStages(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public List<Stage> stages(Map<String, AttachedPolicy> sections) {
        List<Stage> stages = new ArrayList<>();
        List<String> challenges = new ArrayList<>();
        // What is only counted must not let pass what is enforced.
        for (Mode mode : List.of(Mode.ENFORCE, Mode.SHADOW)) {
            AuthenticationStage authentication = authentication(sections, mode);
            if (authentication != null) {
                stages.add(authentication);
                challenges.addAll(authentication.challenges(null, null));
            }
        }
        for (AttachedPolicy policy : sections.values()) {
            if (policy.value() instanceof Authorization section) {
                stages.add(
                        new AuthorizationStage(
                                section, new Refusals(registry, policy), challenges));
            }
        }
        return stages;
    }

    private @Nullable AuthenticationStage authentication(
            Map<String, AttachedPolicy> sections, Mode mode) {
        List<AuthenticationStage.Way> ways = new ArrayList<>();
        boolean optional = false;
        for (AttachedPolicy policy : sections.values()) {
            Authenticator authenticator = policy.mode() == mode ? authenticators.of(policy) : null;
            if (authenticator != null) {
                Refusals refusals = new Refusals(registry, policy);
                ways.add(new AuthenticationStage.Way(authenticator, refusals));
                optional |= isOptional(policy.value());
            }
        }
        return ways.isEmpty() ? null : new AuthenticationStage(ways, optional, offLoop);
    }

    private static boolean isOptional(PolicySection section) {
        return section instanceof Jwt jwt && jwt.optional();
    }

    @Override
    public FilterOrder order(String section) {
        return switch (section) {
            case "authorization" -> FilterOrder.AUTHORIZATION;
            case "csrf" -> FilterOrder.CSRF;
            default -> FilterOrder.AUTHENTICATION;
        };
    }
}
