package dev.sluice.ir;

import org.jspecify.annotations.Nullable;

/// What one section of a policy says, ready for the data plane: an immutable record of the policy's
/// package, or [Unusable].
public interface PolicySection {

    /// What it says in short, for `explain`; empty where its name says it all. Never a secret.
    default String text() {
        return "";
    }

    /// Where it may send requests of a backend instead, null for nowhere.
    default @Nullable ServicePort diversion() {
        return null;
    }

    /// Whether it may refuse a request for what it is or for who sends it. Where rules of a
    /// hostname differ in such sections, a path must not have readings that lead to both.
    default boolean restricts() {
        return true;
    }

    /// A port of a Service, as a policy names it.
    record ServicePort(String namespace, String name, int port) {
        @Override
        public String toString() {
            return namespace + "/" + name + ":" + port;
        }
    }

    /// A section that cannot be put into effect, of a policy that must not be passed by: requests
    /// are answered with 500.
    ///
    /// @param message why, for the log and `explain`; clients do not see it
    record Unusable(String message) implements PolicySection {}
}
