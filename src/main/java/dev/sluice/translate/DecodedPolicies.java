package dev.sluice.translate;

import dev.sluice.resource.Policy;
import dev.sluice.translate.policy.DecodedPolicy;
import java.util.function.Supplier;

/// Sections of policies that were decoded before.
interface DecodedPolicies {

    /// The sections of a policy, decoded unless those of before are still right.
    DecodedPolicy decoded(Policy policy, Supplier<DecodedPolicy> decode);
}
