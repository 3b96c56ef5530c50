package dev.sluice.translate.policy;

import dev.sluice.ir.AttachedPolicy;
import dev.sluice.resource.ObjectRef;
import dev.sluice.translate.status.Rejection;

/// A section of a policy that is in effect at a place.
///
/// @param by the policy
/// @param attached what the data plane is given
public record EffectivePolicy(PolicyState by, AttachedPolicy attached) {

    /// The policy that it comes from.
    public ObjectRef policy() {
        return by.ref();
    }

    /// Reports to the policy that a part of the section has no effect.
    public void reject(Rejection why) {
        by.reject(new Rejection(why.reason(), attached.section() + why.message()));
    }
}
