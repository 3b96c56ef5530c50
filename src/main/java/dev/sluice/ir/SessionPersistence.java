package dev.sluice.ir;

import java.time.Duration;

/// Keeps the requests of one session on one endpoint (GEP-1619).
///
/// @param carrier what holds the session
/// @param name of the cookie or header field
/// @param absoluteTimeout after which a session ends, [Duration#ZERO] for never
/// @param idleTimeout after which an unused session ends, [Duration#ZERO] for never
/// @param permanent whether the cookie outlives the browser: it gets Max-Age
public record SessionPersistence(
        Carrier carrier,
        String name,
        Duration absoluteTimeout,
        Duration idleTimeout,
        boolean permanent) {

    /// What holds the session.
    public enum Carrier {
        COOKIE,
        HEADER
    }
}
