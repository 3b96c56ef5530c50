package dev.sluice.dataplane;

import dev.sluice.engine.HttpPorts;
import dev.sluice.ir.Configuration;
import dev.sluice.ir.HttpListener;
import dev.sluice.ir.Port;
import dev.sluice.ir.RuleChange;
import dev.sluice.ir.TcpListener;
import dev.sluice.ir.TlsListener;
import dev.sluice.l4.L4Ports;
import dev.sluice.listener.Listeners;
import dev.sluice.listener.PortService;
import dev.sluice.upstream.Upstreams;
import java.util.Map;

/// Puts a configuration into effect: backends first, then rules, then sockets, so that nothing is
/// reachable before what it needs; what nobody can reach any more goes last.
public final class DataPlane {

    private final Upstreams upstreams;
    private final HttpPorts ports;
    private final Listeners listeners;
    private final RuleCompiler rules;
    private final L4Ports l4;

    public DataPlane(
            Upstreams upstreams, HttpPorts ports, Listeners listeners, RuleCompiler rules) {
        this.upstreams = upstreams;
        this.ports = ports;
        this.listeners = listeners;
        this.rules = rules;
        this.l4 = new L4Ports(ports::failed);
    }

    /// @param change what it changes of the rules that are served
    /// @return by port id why a port is not served
    public Map<String, String> publish(Configuration configuration, RuleChange change) {
        upstreams.update(configuration.upstreams());
        ports.update(configuration.ports(), rules::compile);
        l4.update(configuration.ports(), upstreams::get);
        Map<String, String> failures = listeners.update(configuration.ports(), this::service);
        rules.forget(change.gone());
        upstreams.retain(configuration.upstreams());
        return failures;
    }

    private PortService service(Port port) {
        return switch (port.listeners().getFirst()) {
            case HttpListener _, TlsListener _ ->
                    new PortService.Http(ports.get(port), l4.get(port));
            case TcpListener _ -> new PortService.Tcp(l4.get(port));
        };
    }
}
