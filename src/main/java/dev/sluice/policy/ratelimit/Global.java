package dev.sluice.policy.ratelimit;

import dev.sluice.ir.PolicySection;
import java.time.Duration;

/// Section `global`: how limits of scope `Global` use Redis.
///
/// @param timeout how long a request may wait for Redis, 1 ms to 1 s
/// @param onFailure what becomes of requests while Redis gives no answer in that time
public record Global(Duration timeout, OnFailure onFailure) implements PolicySection {

    public static final Global DEFAULT =
            new Global(Duration.ofMillis(20), OnFailure.LOCAL_FALLBACK);

    /// What becomes of requests while Redis gives no answer in time.
    public enum OnFailure {
        /// Each replica counts them on its own, at the same rate.
        LOCAL_FALLBACK,
        /// They pass.
        ALLOW,
        /// They are answered with 503.
        DENY
    }
}
