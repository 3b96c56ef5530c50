package dev.sluice.upstream.health;

/// Asks an endpoint once how it is. On one event loop.
sealed interface HealthProbe permits RequestProbe, TcpProbe {
    void start();
}
