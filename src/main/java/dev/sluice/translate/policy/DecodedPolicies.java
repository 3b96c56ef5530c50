package dev.sluice.translate.policy;

import dev.sluice.resource.Policy;
import java.util.function.Supplier;

/// Sections of policies that were decoded before.
public interface DecodedPolicies {

    /// The sections of a policy, decoded unless those of before are still right.
    DecodedPolicy decoded(Policy policy, Supplier<DecodedPolicy> decode);
}
