package dev.sluice.l4;

import dev.sluice.ir.Port;
import dev.sluice.net.FailedConnection;
import dev.sluice.upstream.Cluster;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/// All ports, as far as their listeners are of TCP or TLS. Called by one thread at a time.
public final class L4Ports {

    private final Consumer<FailedConnection> failures;
    private final Map<String, L4Port> ports = new HashMap<>();

    /// @param failures notified of connections that are not served
    public L4Ports(Consumer<FailedConnection> failures) {
        this.failures = failures;
    }

    /// Gives each port its rules.
    ///
    /// @param clusters by the id of their upstream
    public void update(List<Port> next, Function<String, Cluster> clusters) {
        Map<String, L4Port> kept = new HashMap<>();
        for (Port port : next) {
            L4Port known = ports.get(port.id());
            L4Port served = known != null ? known : new L4Port(failures);
            served.update(port.listeners(), clusters);
            kept.put(port.id(), served);
        }
        ports.clear();
        ports.putAll(kept);
    }

    /// The port of that id.
    public L4Port get(Port port) {
        L4Port found = ports.get(port.id());
        if (found == null) {
            throw new IllegalArgumentException("unknown port " + port.id());
        }
        return found;
    }
}
