package dev.sluice.dataplane;

import dev.sluice.engine.HttpPorts;
import dev.sluice.ir.Configuration;
import dev.sluice.ir.RuleChange;
import dev.sluice.listener.Listeners;
import dev.sluice.upstream.Upstreams;
import java.util.Map;

/// Puts a configuration into effect: backends first, then rules, then sockets, so that nothing is
/// reachable before what it needs; what nobody can reach any more goes last.
public final class DataPlane {

    private final Upstreams upstreams;
    private final HttpPorts ports;
    private final Listeners listeners;
    private final RuleCompiler rules;

    public DataPlane(
            Upstreams upstreams, HttpPorts ports, Listeners listeners, RuleCompiler rules) {
        this.upstreams = upstreams;
        this.ports = ports;
        this.listeners = listeners;
        this.rules = rules;
    }

    /// @param change what it changes of the rules that are served
    /// @return by port id why a port is not served
    public Map<String, String> publish(Configuration configuration, RuleChange change) {
        upstreams.update(configuration.upstreams());
        ports.update(configuration.ports(), rules::compile);
        Map<String, String> failures = listeners.update(configuration.ports(), ports::get);
        rules.forget(change.gone());
        upstreams.retain(configuration.upstreams());
        return failures;
    }
}
