package dev.sluice.ir;

/// A section of a policy that is in effect for a rule.
///
/// @param kind of the policy, such as `RateLimitPolicy`
/// @param section the top-level field, such as `limits`
/// @param mode whether it acts
/// @param policy `namespace/name` of the policy: the identity of its state, which all rules under
///   one policy share
/// @param target what the policy is attached to, such as `Gateway shop/web, listener https`
/// @param value what it says
public record AttachedPolicy(
        String kind, String section, Mode mode, String policy, String target, PolicySection value) {

    /// Whether a policy acts.
    public enum Mode {
        /// It acts.
        ENFORCE,
        /// It decides, counts and logs what it would have done, and lets the request pass.
        SHADOW,
        /// It does nothing, and keeps the same section of less specific policies from acting.
        OFF
    }
}
