package dev.sluice.policy.resilience;

import dev.sluice.ir.PolicySection;
import dev.sluice.ir.RetryConstraint.Spent;
import dev.sluice.policy.SpecReader;
import dev.sluice.resource.Policy;
import dev.sluice.resource.ResiliencePolicy;
import dev.sluice.translate.policy.PolicyKind;
import dev.sluice.translate.policy.PolicyReferences;
import dev.sluice.translate.status.Result;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// Decodes ResiliencePolicies. A section that cannot be used has no effect: traffic is let through.
public final class ResilienceKind implements PolicyKind {

    /// Their state belongs to a Service's port.
    private static final Set<String> OF_SERVICES =
            Set.of("loadBalancer", "outlier", "health", "limits", "timeouts", "retryConstraint");

    /// How each section is read.
    private static final Map<String, Function<SpecReader, PolicySection>> SECTIONS =
            Map.of(
                    "circuitBreaker", CircuitDecoding::read,
                    "bulkhead", in -> in.read(Bulkhead.class),
                    "faults", FaultsDecoding::read,
                    "loadBalancer", LoadBalancerDecoding::read,
                    "outlier", OutlierDecoding::read,
                    "health", HealthDecoding::read,
                    "limits", ConnectionDecoding::limits,
                    "timeouts", ConnectionDecoding::timeouts,
                    "retryConstraint", in -> RetryDecoding.read(in, Spent.LAST_ANSWER));

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
        Function<SpecReader, PolicySection> read = SECTIONS.get(section);
        return read == null
                ? Result.no("Invalid", section + ": a ResiliencePolicy has no such section")
                : SpecReader.decode(section, written, references, read);
    }
}
