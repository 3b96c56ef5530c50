package dev.sluice.ir;

import java.util.ArrayList;
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

    /// The listeners that take HTTP.
    public List<HttpListener> httpListeners() {
        List<HttpListener> all = new ArrayList<>();
        for (Port port : ports) {
            all.addAll(port.httpListeners());
        }
        return all;
    }

    /// How many rules the listeners have, each as often as it is attached.
    public int attached() {
        return httpListeners().stream().mapToInt(http -> http.rules().size()).sum();
    }

    /// The rules of all listeners, each as often as it is attached.
    public Stream<HttpRule> rules() {
        return httpListeners().stream()
                .flatMap(http -> http.rules().stream())
                .map(AttachedRule::rule);
    }
}
