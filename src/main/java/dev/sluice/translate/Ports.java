package dev.sluice.translate;

import dev.sluice.ir.HttpListener;
import dev.sluice.ir.Port;
import dev.sluice.resource.Gateway;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// The sockets of a Gateway.
final class Ports {

    private Ports() {}

    /// The address to bind: the first IP address that the Gateway asks for, else all addresses.
    static String address(Gateway gateway) {
        return gateway.spec().addresses().stream()
                .filter(address -> address.type().equals("IPAddress"))
                .map(Gateway.Address::value)
                .findFirst()
                .orElse("");
    }

    static String id(Gateway gateway, int port) {
        return gateway.namespace() + "/" + gateway.name() + ":" + port;
    }

    static List<Port> of(Gateway gateway, List<ListenerState> listeners) {
        TreeMap<Integer, List<HttpListener>> byPort = new TreeMap<>();
        for (ListenerState listener : listeners) {
            if (listener.isServed()) {
                byPort.computeIfAbsent(listener.spec.port(), _ -> new ArrayList<>())
                        .add(listener.listener());
            }
        }
        List<Port> ports = new ArrayList<>();
        byPort.forEach((number, served) ->
                ports.add(
                        new Port(
                                id(gateway, number),
                                gateway.namespace() + "/" + gateway.name(),
                                address(gateway),
                                number,
                                number,
                                served)));
        return ports;
    }
}
