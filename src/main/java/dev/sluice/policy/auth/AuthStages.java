package dev.sluice.policy.auth;

import dev.sluice.engine.FilterOrder;
import dev.sluice.engine.PolicyStages;
import dev.sluice.engine.Stage;
import dev.sluice.ir.AttachedPolicy;
import dev.sluice.ir.AttachedPolicy.Mode;
import dev.sluice.ir.PolicySection;
import dev.sluice.policy.PolicySeries;
import dev.sluice.policy.auth.authentication.AuthenticationStage;
import dev.sluice.policy.auth.authentication.Authenticator;
import dev.sluice.policy.auth.authentication.BlockingExecutor;
import dev.sluice.policy.auth.authentication.Refusals;
import dev.sluice.policy.auth.authorization.Authorization;
import dev.sluice.policy.auth.authorization.AuthorizationStage;
import dev.sluice.policy.auth.credential.ApiKey;
import dev.sluice.policy.auth.credential.Basic;
import dev.sluice.policy.auth.credential.ClientCert;
import dev.sluice.policy.auth.csrf.Csrf;
import dev.sluice.policy.auth.csrf.CsrfStage;
import dev.sluice.policy.auth.introspection.Opaque;
import dev.sluice.policy.auth.jwt.Jwt;
import dev.sluice.policy.auth.jwt.JwtAuthenticator;
import dev.sluice.policy.auth.oidc.SessionLink;
import dev.sluice.policy.auth.provider.ProviderOutages;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes the stages of AuthPolicies.
public final class AuthStages implements PolicyStages {

    private final PolicySeries series;
    private final BlockingExecutor blockingExecutor = new BlockingExecutor();
    private final Authenticators authenticators;

    /// @param sessions the way to those in Redis; null when there is none
    /// @param outages notified of identity providers that do not answer
    public AuthStages(
            MeterRegistry registry, @Nullable SessionLink sessions, ProviderOutages outages) {
        this.series = new PolicySeries(registry);
        this.authenticators = new Authenticators(sessions, outages);
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
            switch (policy.value()) {
                case Authorization section ->
                        stages.add(
                                new AuthorizationStage(
                                        section, new Refusals(series, policy), challenges));
                case Csrf section ->
                        stages.add(new CsrfStage(section, new Refusals(series, policy)));
                default -> {}
            }
        }
        return stages;
    }

    private @Nullable AuthenticationStage authentication(
            Map<String, AttachedPolicy> sections, Mode mode) {
        List<AuthenticationStage.Scheme> ways = new ArrayList<>();
        AttachedPolicy require = sections.get(AuthKind.REQUIRE);
        boolean all = require != null && require.value() instanceof Require(var each) && each;
        for (String name : AuthKind.IDENTIFYING) {
            AttachedPolicy policy = sections.get(name);
            Authenticator authenticator =
                    policy != null && policy.mode() == mode ? authenticators.of(policy) : null;
            if (policy != null && authenticator != null) {
                if (!all
                        && authenticator instanceof JwtAuthenticator signed
                        && sections.containsKey("opaque")) {
                    authenticator = new JwtAuthenticator.Signed(signed);
                }
                Refusals refusals = new Refusals(series, policy);
                boolean optional = isOptional(policy.value());
                ways.add(new AuthenticationStage.Scheme(authenticator, refusals, optional));
            }
        }
        return ways.isEmpty() ? null : new AuthenticationStage(ways, all, blockingExecutor);
    }

    private static boolean isOptional(PolicySection section) {
        return switch (section) {
            case Jwt one -> one.optional();
            case Opaque one -> one.optional();
            case ApiKey one -> one.optional();
            case Basic one -> one.optional();
            case ClientCert one -> one.optional();
            default -> false;
        };
    }

    @Override
    public FilterOrder order(String section) {
        return switch (section) {
            case "authorization" -> FilterOrder.AUTHORIZATION;
            case "csrf" -> FilterOrder.CSRF;
            case String identifying when AuthKind.isOfAuthentication(identifying) ->
                    FilterOrder.AUTHENTICATION;
            default -> throw new IllegalArgumentException("no place for section " + section);
        };
    }
}
