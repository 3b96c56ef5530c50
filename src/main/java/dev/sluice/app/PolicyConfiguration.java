package dev.sluice.app;

import dev.sluice.engine.RulePolicies;
import dev.sluice.policy.auth.oidc.SessionLink;
import dev.sluice.policy.auth.provider.ProviderOutages;
import dev.sluice.policy.auth.provider.ProviderOutages.Outage;
import dev.sluice.policy.ratelimit.RedisLink;
import dev.sluice.translate.policy.PolicyKind;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// The kinds of policies: how each is decoded, and what makes its stages.
@Configuration(proxyBeanMethods = false)
public class PolicyConfiguration {

    /// How they are decoded where there is a Redis.
    public static final List<PolicyKind> KINDS = kinds(true);

    /// How they are decoded.
    ///
    /// @param redis whether there is one
    public static List<PolicyKind> kinds(boolean redis) {
        return PolicyModule.all(redis).stream().map(PolicyModule::kind).toList();
    }

    @Bean
    ProviderOutages providerOutages(MeterRegistry registry) {
        return new ProviderOutages(registry);
    }

    /// Always up: rules that need no provider that is away are served.
    @Bean
    HealthIndicator identityProvidersHealthIndicator(ProviderOutages outages) {
        return () -> {
            List<String> away = outages.now().stream().map(Outage::toString).toList();
            Health.Builder health = Health.up();
            return (away.isEmpty() ? health : health.withDetail("away", away)).build();
        };
    }

    @Bean
    RulePolicies rulePolicies(
            MeterRegistry registry,
            ProviderOutages outages,
            ObjectProvider<RedisLink> limits,
            ObjectProvider<SessionLink> sessions) {
        PolicyModule.Inputs inputs =
                new PolicyModule.Inputs(
                        registry, outages, limits.getIfAvailable(), sessions.getIfAvailable());
        return new RulePolicies(
                PolicyModule.all(inputs.sessions() != null).stream()
                        .collect(
                                Collectors.toMap(
                                        PolicyModule::name,
                                        module -> module.effect().apply(inputs))));
    }
}
