package dev.sluice.policy.resilience;

import dev.sluice.ir.PolicySection;
import dev.sluice.ir.RetryConstraint.Spent;
import dev.sluice.resource.Policy;
import dev.sluice.resource.ResiliencePolicy;
import dev.sluice.translate.policy.PolicyKind;
import dev.sluice.translate.policy.PolicyReferences;
import dev.sluice.translate.policy.SpecJson;
import dev.sluice.translate.status.Result;
import java.util.Set;

/// Decodes ResiliencePolicies. A section that cannot be used has no effect: traffic is let through.
public final class ResilienceKind implements PolicyKind {

    /// Their state belongs to a Service's port.
    private static final Set<String> OF_SERVICES =
            Set.of("loadBalancer", "outlier", "health", "limits", "timeouts", "retryConstraint");

    @Override
    public Class<? extends Policy> type() {
        return ResiliencePolicy.class;
    }

    @Override
    public Set<String> targets() {
        return Set.of("Service", "Gateway", "ListenerSet", "HTTPRoute", "GRPCRoute");
    }

    @Override
    public boolean failsClosed() {
        return false;
    }

    @Override
    public boolean isOfBackends() {
        return true;
    }

    @Override
    public boolean isOfServices(String section) {
        return OF_SERVICES.contains(section);
    }

    @Override
    public Result<PolicySection> decode(
            String section, Object written, PolicyReferences references) {
        try {
            return switch (section) {
                case "circuitBreaker" ->
                        Result.of(
                                CircuitDecoding.decode(
                                        SpecJson.read(
                                                written, CircuitDecoding.CircuitBreakerSpec.class),
                                        references.namespace()));
                case "bulkhead" -> Result.of(SpecJson.read(written, Bulkhead.class));
                case "faults" ->
                        Result.of(
                                FaultsDecoding.decode(
                                        SpecJson.read(written, FaultsDecoding.FaultsSpec.class)));
                case "loadBalancer" ->
                        Result.of(
                                LoadBalancerDecoding.decode(
                                        SpecJson.read(
                                                written,
                                                LoadBalancerDecoding.LoadBalancerSpec.class)));
                case "outlier" ->
                        Result.of(
                                OutlierDecoding.decode(
                                        SpecJson.read(
                                                written,
                                                OutlierDecoding.OutlierDetectionSpec.class)));
                case "health" ->
                        Result.of(
                                HealthDecoding.decode(
                                        SpecJson.read(
                                                written, HealthDecoding.HealthCheckSpec.class)));
                case "limits" ->
                        Result.of(
                                ConnectionDecoding.decode(
                                        SpecJson.read(
                                                written,
                                                ConnectionDecoding.ConnectionLimitsSpec.class)));
                case "timeouts" ->
                        Result.of(
                                ConnectionDecoding.decode(
                                        SpecJson.read(
                                                written,
                                                ConnectionDecoding.ConnectionTimeoutsSpec.class)));
                case "retryConstraint" ->
                        Result.of(
                                RetryDecoding.decode(
                                        SpecJson.read(
                                                written, RetryDecoding.RetryConstraintSpec.class),
                                        Spent.LAST_ANSWER));
                default ->
                        Result.no("Invalid", section + ": a ResiliencePolicy has no such section");
            };
        } catch (IllegalArgumentException e) {
            return Result.no("Invalid", section + e.getMessage());
        }
    }
}
