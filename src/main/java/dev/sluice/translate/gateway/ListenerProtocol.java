package dev.sluice.translate.gateway;

import dev.sluice.resource.Gateway;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The protocols of listeners that are served.
enum ListenerProtocol {
    HTTP,
    HTTPS,
    TLS,
    TCP;

    private static final List<Gateway.RouteKind> OF_HTTP = kinds("HTTPRoute", "GRPCRoute");
    private static final List<Gateway.RouteKind> OF_TLS = kinds("TLSRoute");
    private static final List<Gateway.RouteKind> OF_TCP = kinds("TCPRoute");

    private static List<Gateway.RouteKind> kinds(String... names) {
        return Arrays.stream(names)
                .map(name -> new Gateway.RouteKind(Gateway.GROUP, name))
                .toList();
    }

    /// The protocol of that name, null when it is not served.
    static @Nullable ListenerProtocol find(String name) {
        for (ListenerProtocol protocol : values()) {
            if (name.equals(protocol.name())) {
                return protocol;
            }
        }
        return null;
    }

    /// All of them, for messages.
    static String names() {
        return Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(", "));
    }

    /// Whether its listeners and those of the other protocol can share a port: they are
    /// distinguished by their hostnames.
    boolean shares(ListenerProtocol other) {
        return this == other || isOverTls() && other.isOverTls();
    }

    private boolean isOverTls() {
        return this == HTTPS || this == TLS;
    }

    /// The kinds of routes that can attach to its listeners.
    List<Gateway.RouteKind> kinds() {
        return switch (this) {
            case HTTP, HTTPS -> OF_HTTP;
            case TLS -> OF_TLS;
            case TCP -> OF_TCP;
        };
    }
}
