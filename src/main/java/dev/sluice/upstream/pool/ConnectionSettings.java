package dev.sluice.upstream.pool;

import dev.sluice.ir.ConnectionLimits;
import dev.sluice.ir.ConnectionTimeouts;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The settings of one backend: those of the process, but for what its policies say. Both may
/// change at any time.
public final class ConnectionSettings {

    private final Connector connector;
    private volatile @Nullable Derived derived;
    private volatile Sections sections = new Sections(null, null);

    private record Sections(
            @Nullable ConnectionLimits limits, @Nullable ConnectionTimeouts timeouts) {
        boolean isEmpty() {
            return limits == null && timeouts == null;
        }
    }

    /// @param from what it was made of
    private record Derived(PoolSettings from, Sections by, PoolSettings settings) {}

    public ConnectionSettings(Connector connector) {
        this.connector = connector;
    }

    public void update(@Nullable ConnectionLimits limits, @Nullable ConnectionTimeouts timeouts) {
        sections = new Sections(limits, timeouts);
    }

    @SuppressWarnings("ReferenceEquality")
    public PoolSettings settings() { // both are replaced as a whole
        PoolSettings all = connector.settings();
        Sections now = sections;
        if (now.isEmpty()) {
            return all;
        }
        Derived known = derived;
        if (known == null || known.by() != now || known.from() != all) {
            known = new Derived(all, now, derived(all, now));
            derived = known; // a race computes the same
        }
        return known.settings();
    }

    /// How long a connection of TCP may carry nothing.
    public Duration idle() {
        ConnectionTimeouts timeouts = sections.timeouts();
        Duration idle = timeouts == null ? null : timeouts.idle();
        return idle == null ? connector.settings().tunnelTimeout() : idle;
    }

    /// Nanoseconds that a try with its whole answer may take; 0 for no limit.
    public long stream() {
        ConnectionTimeouts timeouts = sections.timeouts();
        Duration stream = timeouts == null ? null : timeouts.stream();
        return stream == null ? 0 : stream.toNanos();
    }

    private PoolSettings derived(PoolSettings all, Sections by) {
        ConnectionLimits limits = by.limits();
        ConnectionTimeouts timeouts = by.timeouts();
        Integer connections = limits == null ? null : limits.connectionsPerEndpoint();
        Integer pending = limits == null ? null : limits.pendingRequests();
        Duration connect = timeouts == null ? null : timeouts.connect();
        Duration idle = timeouts == null ? null : timeouts.idle();
        return new PoolSettings(
                connect == null ? all.connectTimeout() : connect,
                idle == null ? all.idleTimeout() : idle,
                all.responseTimeout(),
                all.tunnelTimeout(),
                connections == null ? all.maxConnections() : share(connections),
                pending == null ? all.maxPending() : share(pending),
                all.pendingTimeout(),
                all.clientShare(),
                all.messageLimits());
    }

    /// The part of one event loop, rounded up.
    private int share(int whole) {
        return Math.ceilDiv(whole, connector.workers().all().size());
    }
}
