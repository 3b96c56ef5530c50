package dev.sluice.l4;

import dev.sluice.ir.AttachedL4Rule;
import dev.sluice.ir.HostPattern;
import dev.sluice.ir.L4Rule;
import dev.sluice.ir.Listener;
import dev.sluice.ir.TcpListener;
import dev.sluice.ir.TlsListener;
import dev.sluice.net.ConnectionFailure;
import dev.sluice.net.FailedConnection;
import dev.sluice.net.Peers;
import dev.sluice.net.ServerNameMap;
import dev.sluice.upstream.Cluster;
import io.netty.channel.Channel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A bound port's way to the backends of its listeners of TCP and TLS. A connection keeps the
/// backend that it got: a change of rules or weights ends none.
public final class L4Port {

    private final Consumer<FailedConnection> failures;
    private volatile Map<String, ServerNameMap<L4Target>> listeners = Map.of();

    /// @param failures notified of connections that are not served
    L4Port(Consumer<FailedConnection> failures) {
        this.failures = failures;
    }

    /// @param clusters by the id of their upstream
    void update(List<? extends Listener> next, Function<String, Cluster> clusters) {
        Map<String, ServerNameMap<L4Target>> byName = new HashMap<>();
        for (Listener listener : next) {
            if (listener instanceof TcpListener tcp) {
                L4Rule rule = tcp.rule();
                Map<String, L4Target> one =
                        rule == null ? Map.of() : Map.of("", new L4Target(rule, clusters));
                byName.put(tcp.name(), new ServerNameMap<>(one));
            } else if (listener instanceof TlsListener tls) {
                byName.put(tls.name(), new ServerNameMap<>(targets(tls.rules(), clusters)));
            }
        }
        listeners = byName;
    }

    /// Of several rules with a hostname the first counts.
    private static Map<String, L4Target> targets(
            List<AttachedL4Rule> rules, Function<String, Cluster> clusters) {
        Map<String, L4Target> targets = new HashMap<>();
        for (AttachedL4Rule attached : rules) {
            L4Target target = new L4Target(attached.rule(), clusters);
            for (HostPattern hostname : attached.hostnames()) {
                targets.putIfAbsent(hostname.value(), target);
            }
        }
        return targets;
    }

    /// A connection was ended, or not taken, before it was served.
    public void failed(FailedConnection connection) {
        failures.accept(connection);
    }

    /// Serves a client's connection, which reads nothing by itself.
    ///
    /// @param listener that takes it, by its name
    /// @param serverName of TLS, in lower case; null when there is none
    public void serve(Channel client, Peers peers, String listener, @Nullable String serverName) {
        ServerNameMap<L4Target> rules = listeners.get(listener);
        L4Target target = rules == null ? null : rules.find(serverName == null ? "" : serverName);
        Cluster cluster = target == null ? null : target.pick();
        Consumer<ConnectionFailure> refused =
                reason -> failed(new FailedConnection(peers.clientHost(), serverName, reason));
        if (cluster != null) {
            new TcpProxy(client, peers, cluster, refused).begin();
        } else {
            refused.accept(
                    target == null ? ConnectionFailure.NO_ROUTE : ConnectionFailure.NO_BACKEND);
            client.close();
        }
    }
}
