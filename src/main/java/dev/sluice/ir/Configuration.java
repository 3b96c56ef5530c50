package dev.sluice.ir;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Everything that the data plane serves, in one value: published whole or not at all.
///
/// @param ports sockets to bind, ordered by [Port#id]
/// @param upstreams backends by [Upstream#id]; each id that a rule names is present
public record Configuration(List<Port> ports, Map<String, Upstream> upstreams) {

    public static final Configuration EMPTY = new Configuration(List.of(), Map.of());

    public Configuration {
        ports = List.copyOf(ports);
        upstreams = Map.copyOf(upstreams);
    }

    /// The rules of all listeners, each as often as it is attached.
    public Stream<HttpRule> rules() {
        return ports.stream()
                .flatMap(port -> port.listeners().stream())
                .flatMap(listener ->
                        switch (listener) {
                            case HttpListener http -> http.rules().stream();
                        })
                .map(AttachedRule::rule);
    }
}
