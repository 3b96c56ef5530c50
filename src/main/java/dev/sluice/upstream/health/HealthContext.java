package dev.sluice.upstream.health;

import dev.sluice.upstream.pool.ConnectionSettings;
import dev.sluice.upstream.pool.Connector;

/// What watching and asking the endpoints of one cluster rests on.
///
/// @param cluster its id, for the log
/// @param connector opens connections
/// @param settings of connections to its endpoints
/// @param listener notified of what becomes of endpoints
public record HealthContext(
        String cluster,
        Connector connector,
        ConnectionSettings settings,
        HealthListener listener) {}
