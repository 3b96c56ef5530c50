package dev.sluice.app;

import dev.sluice.engine.RulePolicies;
import dev.sluice.policy.ratelimit.RateLimitKind;
import dev.sluice.policy.ratelimit.RateLimitStages;
import dev.sluice.translate.PolicyKind;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// The kinds of policies: how each is decoded, and what makes its stages.
@Configuration(proxyBeanMethods = false)
public class PolicyConfiguration {

    /// How they are decoded.
    public static final List<PolicyKind> KINDS = List.of(new RateLimitKind());

    @Bean
    RulePolicies rulePolicies(MeterRegistry registry) {
        return new RulePolicies(Map.of("RateLimitPolicy", new RateLimitStages(registry)));
    }
}
