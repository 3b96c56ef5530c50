package dev.sluice.translate.gateway;

import dev.sluice.resource.Gateway;
import dev.sluice.translate.status.Rejection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Listeners that want the same. On one port they must speak the same protocol and differ in
/// hostname.
final class ListenerConflicts {

    /// Which Gateway holds a local address and port.
    private final Map<String, Gateway> sockets = new HashMap<>();

    /// Judges all listeners of a Gateway, its own first, then those of its ListenerSets by their
    /// precedence: two of the Gateway's own are both wrong, one of a ListenerSet yields to all
    /// before it (GEP-1713).
    static void within(List<ListenerState> listeners) {
        for (int i = 0; i < listeners.size(); i++) {
            for (int j = 0; j < i; j++) {
                ListenerState first = listeners.get(j);
                ListenerState second = listeners.get(i);
                boolean own = second.owner() instanceof Gateway;
                if (!own && first.isConflicted() && !(first.owner() instanceof Gateway)) {
                    continue; // it has lost its place already
                }
                Rejection conflict = between(second, first);
                if (conflict != null) {
                    second.conflicting(conflict);
                    Rejection mirrored = own ? between(first, second) : null;
                    if (mirrored != null) {
                        first.conflicting(mirrored);
                    }
                }
            }
        }
    }

    private static @Nullable Rejection between(ListenerState one, ListenerState other) {
        if (one.spec().port() != other.spec().port()) {
            return null;
        }
        String name = "listener \"" + other.spec().name() + "\" of " + other.owner().name();
        if (!one.sharesPort(other)) {
            return new Rejection(
                    "ProtocolConflict",
                    "protocol: "
                            + name
                            + " has port "
                            + one.spec().port()
                            + " with "
                            + other.spec().protocol());
        }
        return one.hostname().equals(other.hostname())
                ? new Rejection(
                        "HostnameConflict", "hostname: " + name + " has the same port and hostname")
                : null;
    }

    /// Where Gateways share the sockets of one machine, the oldest keeps a contended one.
    void acrossGateways(ListenerState listener) {
        Gateway gateway = listener.gateway();
        String socket = GatewayPorts.address(gateway) + ":" + listener.spec().port();
        Gateway holder = sockets.putIfAbsent(socket, gateway);
        if (holder != null && !holder.equals(gateway)) {
            listener.unaccepted(
                    new Rejection(
                            "PortUnavailable",
                            "port: "
                                    + listener.spec().port()
                                    + " is taken by the older Gateway "
                                    + holder.namespace()
                                    + "/"
                                    + holder.name()));
        }
    }
}
