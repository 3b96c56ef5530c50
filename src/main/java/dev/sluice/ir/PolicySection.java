package dev.sluice.ir;

/// What one section of a policy says, ready for the data plane: an immutable record of the policy's
/// package, or [Unusable].
public interface PolicySection {

    /// A section that cannot be put into effect, of a policy that must not be passed by: requests are
    /// answered with 500.
    ///
    /// @param message why, for the log and `explain`; clients do not see it
    record Unusable(String message) implements PolicySection {}
}
