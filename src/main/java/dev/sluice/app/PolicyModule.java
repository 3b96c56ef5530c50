package dev.sluice.app;

import dev.sluice.engine.PolicyEffect;
import dev.sluice.policy.auth.AuthKind;
import dev.sluice.policy.auth.AuthStages;
import dev.sluice.policy.auth.oidc.SessionLink;
import dev.sluice.policy.auth.provider.ProviderOutages;
import dev.sluice.policy.ratelimit.RateLimitKind;
import dev.sluice.policy.ratelimit.RateLimitStages;
import dev.sluice.policy.ratelimit.RedisLink;
import dev.sluice.policy.resilience.BackendTrafficKind;
import dev.sluice.policy.resilience.ResilienceGuards;
import dev.sluice.policy.resilience.ResilienceKind;
import dev.sluice.policy.telemetry.TelemetryKind;
import dev.sluice.policy.telemetry.TelemetryMaker;
import dev.sluice.resource.Kinds;
import dev.sluice.translate.policy.PolicyKind;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A kind of policy: how its sections are decoded, and what the data plane makes of them. Its
/// sections describe themselves ([dev.sluice.ir.PolicySection#text]).
///
/// @param kind decodes, on the control side
/// @param effect makes what acts, once for a data plane
record PolicyModule(PolicyKind kind, Function<Inputs, PolicyEffect> effect) {

    /// What effects are made with.
    ///
    /// @param outages notified of identity providers
    /// @param limits counts limits of several replicas; null without Redis
    /// @param sessions keeps sessions of logins; null without Redis
    record Inputs(
            MeterRegistry registry,
            ProviderOutages outages,
            @Nullable RedisLink limits,
            @Nullable SessionLink sessions) {}

    /// All kinds. Of two with the same section for a Service's port, the first has it.
    ///
    /// @param redis whether sessions of logins can be kept in one
    static List<PolicyModule> all(boolean redis) {
        return List.of(
                new PolicyModule(
                        new AuthKind(redis),
                        in -> new AuthStages(in.registry(), in.sessions(), in.outages())),
                new PolicyModule(
                        new RateLimitKind(), in -> new RateLimitStages(in.registry(), in.limits())),
                new PolicyModule(new ResilienceKind(), in -> new ResilienceGuards(in.registry())),
                new PolicyModule(new BackendTrafficKind(), _ -> PolicyEffect.OfUpstreams.INSTANCE),
                new PolicyModule(new TelemetryKind(), in -> new TelemetryMaker(in.registry())));
    }

    /// The name of its kind of objects.
    String name() {
        return Kinds.of(kind.type()).name();
    }
}
