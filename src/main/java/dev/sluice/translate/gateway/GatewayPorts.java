package dev.sluice.translate.gateway;

import dev.sluice.ir.HttpListener;
import dev.sluice.ir.Listener;
import dev.sluice.ir.Port;
import dev.sluice.ir.TcpListener;
import dev.sluice.ir.Tls;
import dev.sluice.ir.TlsListener;
import dev.sluice.resource.Gateway;
import dev.sluice.resource.NamespacedName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The sockets of a Gateway.
public final class GatewayPorts {

    private GatewayPorts() {}

    /// The address to bind: the first IP address that the Gateway asks for, else all addresses.
    public static String address(Gateway gateway) {
        return gateway.spec().addresses().stream()
                .filter(address -> address.type().equals("IPAddress"))
                .map(Gateway.Address::value)
                .findFirst()
                .orElse("");
    }

    /// Ports as the Gateway asks for them.
    public static List<Port> own(GatewayState state) {
        Gateway gateway = state.gateway();
        List<Port> ports = new ArrayList<>();
        served(state.listeners())
                .forEach((number, served) ->
                        ports.add(port(state, address(gateway), number, number, served)));
        return ports;
    }

    /// Ports at their target ports; those that have none yet are left out.
    public static List<Port> ofService(GatewayState state, TargetPorts targets) {
        List<Port> ports = new ArrayList<>();
        served(state.listeners())
                .forEach((number, served) -> {
                    int target = targets.of(state.gateway(), number);
                    if (target > 0) {
                        ports.add(port(state, "", target, number, served));
                    }
                });
        return ports;
    }

    private static Map<Integer, List<Listener>> served(List<ListenerState> listeners) {
        Map<Integer, List<Listener>> byPort = new TreeMap<>();
        for (ListenerState listener : listeners) {
            if (listener.isServed()) {
                byPort.computeIfAbsent(listener.spec().port(), _ -> new ArrayList<>())
                        .add(listener.listener());
            }
        }
        for (ListenerState listener : listeners) {
            List<Listener> beside = byPort.get(listener.spec().port());
            if (beside != null && listener.isClosed()) {
                beside.add(listener.closed(tls(beside.getFirst())));
            }
        }
        return byPort;
    }

    private static @Nullable Tls tls(Listener listener) {
        return switch (listener) {
            case HttpListener http -> http.tls();
            case TlsListener over -> over.tls();
            case TcpListener _ -> null;
        };
    }

    private static Port port(
            GatewayState state, String address, int bind, int number, List<Listener> listeners) {
        Gateway gateway = state.gateway();
        String owner = NamespacedName.of(gateway).toString();
        return new Port(
                Names.port(gateway, number),
                owner,
                address,
                bind,
                number,
                listeners,
                GatewayParameters.proxyProtocol(state.parameters(), number));
    }
}
