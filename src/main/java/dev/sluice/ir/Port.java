package dev.sluice.ir;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A socket to bind, and the listeners that share it.
///
/// A Gateway's listeners on one port are distinguished by SNI, then by Host; so the port, not the
/// listener, is what gets bound.
///
/// @param id stable key, `namespace/gateway:port`
/// @param gateway the owner, `namespace/name`
/// @param address the local address to bind, empty for all addresses
/// @param bind the local port to bind, 0 for any free one
/// @param number the port that clients use, 1 to 65535: the listener's `port`
/// @param listeners at least one; all of HTTP, or all over TLS, or one of TCP
/// @param proxyProtocol what connections begin with, null for nothing
public record Port(
        String id,
        String gateway,
        String address,
        int bind,
        int number,
        List<? extends Listener> listeners,
        @Nullable ProxyProtocol proxyProtocol) {

    public Port {
        listeners = List.copyOf(listeners);
        if (listeners.isEmpty()) {
            throw new IllegalArgumentException("port " + id + " has no listeners");
        }
    }

    /// Without the PROXY protocol.
    public Port(
            String id,
            String gateway,
            String address,
            int bind,
            int number,
            List<? extends Listener> listeners) {
        this(id, gateway, address, bind, number, listeners, null);
    }

    /// The listeners that take HTTP.
    public List<HttpListener> httpListeners() {
        List<HttpListener> http = new ArrayList<>(listeners.size());
        for (Listener listener : listeners) {
            switch (listener) {
                case HttpListener one -> http.add(one);
                case TcpListener _, TlsListener _ -> {}
            }
        }
        return http;
    }
}
