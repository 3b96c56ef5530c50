package dev.sluice.policy.resilience;

import dev.sluice.ir.PolicySection;
import dev.sluice.ir.RetryConstraint.Spent;
import dev.sluice.policy.SpecReader;
import dev.sluice.resource.BackendTrafficPolicy;
import dev.sluice.resource.Policy;
import dev.sluice.translate.policy.PolicyKind;
import dev.sluice.translate.policy.PolicyReferences;
import dev.sluice.translate.status.Result;
import java.util.Set;

/// Decodes XBackendTrafficPolicies (GEP-3388).
public final class BackendTrafficKind implements PolicyKind {

    @Override
    public Class<? extends Policy> type() {
        return BackendTrafficPolicy.class;
    }

    @Override
    public Set<String> targets() {
        return Set.of("Service");
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
        return true;
    }

    @Override
    public Result<PolicySection> decode(
            String section, Object written, PolicyReferences references) {
        if (!section.equals("retryConstraint")) {
            return Result.no(
                    "Invalid", section + ": has no effect here; routes have sessionPersistence");
        }
        return SpecReader.decode(
                section, written, references, in -> RetryDecoding.read(in, Spent.UNAVAILABLE));
    }
}
