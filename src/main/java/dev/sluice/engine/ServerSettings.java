package dev.sluice.engine;

import dev.sluice.http.Limits;
import java.time.Duration;

/// What one client connection may take.
///
/// @param limits of a request's head
/// @param headerTimeout from the first byte of a head to its end
/// @param bodyTimeout between two parts of a body that we are ready to read
/// @param idleTimeout between two requests
public record ServerSettings(
        Limits limits, Duration headerTimeout, Duration bodyTimeout, Duration idleTimeout) {

    /// Ten seconds for a head, 30 between parts of a body, 60 between requests.
    public static final ServerSettings DEFAULT =
            new ServerSettings(
                    Limits.DEFAULT,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(60));
}
