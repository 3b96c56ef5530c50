package dev.sluice.bench;

import dev.sluice.fixture.gateway.RuleBuilder;
import dev.sluice.ir.AttachedRule;
import dev.sluice.ir.HostPattern;
import dev.sluice.ir.HttpListener;
import dev.sluice.ir.Port;
import dev.sluice.route.ListenerTable;
import dev.sluice.route.RequestView;
import dev.sluice.route.RouteEntry;
import dev.sluice.route.RouteTable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Searching and compiling by number of routes. Searches should cost the same in each row.
@BenchmarkMode(Mode.AverageTime)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RouteTableBenchmark {

    /// How routes share hostnames.
    public enum Shape {
        /// 100 hostnames, a prefix per route.
        HOSTS_AND_PATHS("host-%d.example.com", 100),
        /// All routes on one hostname.
        ONE_HOST("host-%d.example.com", 1),
        /// An exact hostname per route.
        HOST_EACH("host-%d.example.com", Integer.MAX_VALUE),
        /// A wildcard hostname per route.
        WILDCARD_EACH("*.host-%d.example.com", Integer.MAX_VALUE);

        private final String pattern;
        private final int hosts;

        Shape(String pattern, int hosts) {
            this.pattern = pattern;
            this.hosts = hosts;
        }

        String hostname(int route) {
            return pattern.formatted(route % hosts);
        }

        String host(int route) {
            return hostname(route).replace("*", "www");
        }
    }

    /// A table, and requests of which each one is found.
    @State(Scope.Thread)
    public static class Routes {
        @Param({"1", "1000", "10000"})
        int count;

        @Param Shape shape = Shape.HOSTS_AND_PATHS;

        /// Where in the configuration the wanted route is.
        @Param({"first", "middle", "last"})
        String position = "first";

        private RouteTable<String> table = compile(port(1, Shape.ONE_HOST));
        private byte[] host = {};
        private byte[] path = {};

        @Setup(Level.Trial)
        public void setUp() {
            int wanted =
                    switch (position) {
                        case "first" -> 0;
                        case "middle" -> count / 2;
                        default -> count - 1;
                    };
            table = compile(port(count, shape));
            host = shape.host(wanted).getBytes(StandardCharsets.US_ASCII);
            path = ("/path-" + wanted + "/items/42").getBytes(StandardCharsets.US_ASCII);
        }

        // New strings, as each request on the wire has, so that their hashes are not known.
        private Request request() {
            return new Request(
                    new String(host, StandardCharsets.ISO_8859_1),
                    new String(path, StandardCharsets.ISO_8859_1));
        }
    }

    private record Request(String host, String path) implements RequestView {
        @Override
        public String method() {
            return "GET";
        }

        @Override
        public String query() {
            return "";
        }

        @Override
        public @Nullable String header(String name) {
            return null;
        }
    }

    /// A large configuration, and the same with one route changed.
    @State(Scope.Thread)
    public static class Change {
        @Param Shape shape = Shape.HOSTS_AND_PATHS;

        private Port before = port(1, Shape.ONE_HOST);
        private Port after = before;
        private RouteTable<String> table = compile(before);

        @Setup(Level.Trial)
        public void setUp() {
            List<AttachedRule> rules = attached(10_000, shape);
            before = port(rules);
            rules.set(5_000, attached(5_000, shape, "/changed"));
            after = port(rules);
            table = compile(before);
        }
    }

    /// What the strings of a request cost, to subtract from [#find].
    @Benchmark
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    public RequestView request(Routes routes) {
        return routes.request();
    }

    /// The listener by host, and its rule.
    @Benchmark
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    public RouteEntry<String> find(Routes routes) {
        Request request = routes.request();
        ListenerTable<String> listener = routes.table.listener(request.host());
        RouteEntry<String> routeEntry = listener == null ? null : listener.find(request);
        if (routeEntry == null) {
            throw new IllegalStateException("no rule for " + request);
        }
        return routeEntry;
    }

    /// 10,000 routes from scratch.
    @Benchmark
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    public RouteTable<String> compile(Change change) {
        return compile(change.before);
    }

    /// One changed route among 10,000.
    @Benchmark
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    public RouteTable<String> recompile(Change change) {
        return RouteTable.recompile(change.table, change.after, rule -> rule.origin().name());
    }

    private static RouteTable<String> compile(Port port) {
        return RouteTable.compile(port, rule -> rule.origin().name());
    }

    private static Port port(int count, Shape shape) {
        return port(attached(count, shape));
    }

    private static Port port(List<AttachedRule> rules) {
        HttpListener listener = new HttpListener("ns/gw/http", HostPattern.ANY, null, rules);
        return new Port("ns/gw:80", "ns/gw", "", 0, 80, List.of(listener));
    }

    private static List<AttachedRule> attached(int count, Shape shape) {
        List<AttachedRule> rules = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            rules.add(attached(i, shape, "/path-" + i));
        }
        return rules;
    }

    private static AttachedRule attached(int route, Shape shape, String prefix) {
        return RuleBuilder.rule("ns", "route-" + route, 0)
                .prefix(prefix)
                .attached(new HostPattern(shape.hostname(route)));
    }
}
