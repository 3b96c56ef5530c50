package dev.sluice.l4;

import dev.sluice.ir.Listener;
import dev.sluice.ir.Port;
import dev.sluice.ir.TcpListener;
import dev.sluice.net.FailedConnection;
import dev.sluice.upstream.Cluster;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/// The ports of TCP listeners. Called by one thread at a time.
public final class TcpPorts {

    private final Consumer<FailedConnection> failures;
    private final Map<String, TcpPort> ports = new HashMap<>();

    /// @param failures notified of connections that are not served
    public TcpPorts(Consumer<FailedConnection> failures) {
        this.failures = failures;
    }

    /// Gives each port its rule.
    ///
    /// @param clusters by the id of their upstream
    public void update(List<Port> next, Function<String, Cluster> clusters) {
        Map<String, TcpPort> kept = new HashMap<>();
        for (Port port : next) {
            for (Listener listener : port.listeners()) {
                if (listener instanceof TcpListener tcp) {
                    TcpPort known = ports.get(port.id());
                    TcpPort served = known != null ? known : new TcpPort(failures);
                    served.rule(tcp.rule(), clusters);
                    kept.put(port.id(), served);
                }
            }
        }
        ports.clear();
        ports.putAll(kept);
    }

    /// The port of that id.
    public TcpPort get(Port port) {
        TcpPort tcp = ports.get(port.id());
        if (tcp == null) {
            throw new IllegalArgumentException("unknown port " + port.id());
        }
        return tcp;
    }
}
