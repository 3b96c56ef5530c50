package dev.sluice.upstream.health;

import dev.sluice.ir.Upstream.Endpoint;

/// Learns what becomes of the endpoints of one cluster. Called on any event loop.
public interface HealthListener {

    /// Other endpoints than before may be avoided.
    void healthChanged();

    /// An endpoint that was avoided may be picked again.
    void recovered(Endpoint endpoint);

    /// An endpoint was ejected.
    ///
    /// @param enforced false where it would have been
    void ejected(EjectionCause cause, boolean enforced);
}
