package dev.sluice.engine;

import dev.sluice.ir.HttpRule;
import dev.sluice.ir.Port;
import dev.sluice.net.FailedConnection;
import dev.sluice.route.RouteTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// The engine's side of all ports. Called by one thread at a time.
public final class HttpPorts {

    private final Observer observer;
    private final Map<String, HttpPort> ports = new HashMap<>();

    /// @param observer notified of each request
    public HttpPorts(Observer observer) {
        this.observer = observer;
    }

    /// Compiles new tables and puts each in its place.
    public void update(
            List<Port> next, Function<? super HttpRule, ? extends CompiledRule> compiler) {
        Map<String, HttpPort> kept = new HashMap<>();
        for (Port port : next) {
            HttpPort http = ports.get(port.id());
            if (http == null) {
                http = new HttpPort(port.number(), RouteTable.compile(port, compiler), observer);
            } else {
                http.table(RouteTable.recompile(http.table(), port, compiler));
            }
            kept.put(port.id(), http);
        }
        ports.clear();
        ports.putAll(kept);
    }

    /// A connection of a port that takes no requests was ended, or not taken.
    public void failed(FailedConnection connection) {
        Observer.notifyFailed(observer, connection);
    }

    /// The side of that port.
    public HttpPort get(Port port) {
        HttpPort http = ports.get(port.id());
        if (http == null) {
            throw new IllegalArgumentException("unknown port " + port.id());
        }
        return http;
    }
}
