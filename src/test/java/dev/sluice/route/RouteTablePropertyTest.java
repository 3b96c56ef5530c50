package dev.sluice.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.ir.HttpListener;
import dev.sluice.ir.HttpRule;
import dev.sluice.ir.Port;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random cases; a failure names the seed that repeats it.
class RouteTablePropertyTest {

    private static final int REQUESTS = 25;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void find_anyRequest_equalsNaiveScan(long start) {
        int found = 0;
        for (long seed = start * 1_000_000; seed < start * 1_000_000 + 1_250; seed++) {
            RandomRoutes routes = new RandomRoutes(seed);
            Port port = routes.port();
            RouteTable<HttpRule> table = RouteTable.compile(port, Function.identity());
            for (int i = 0; i < REQUESTS; i++) {
                found += agrees(port, table, routes.request(), seed) ? 1 : 0;
            }
        }
        assertThat(found).as("cases with a result, of 31,250").isBetween(10_000, 28_000);
    }

    // Whether there was a result.
    private static boolean agrees(
            Port port, RouteTable<HttpRule> table, TestRequest request, long seed) {
        Optional<HttpListener> listener = NaiveScan.listener(port, request.host());
        Optional<NaiveScan.Found> expected = listener.flatMap(one -> NaiveScan.find(one, request));
        ListenerTable<HttpRule> actual = table.listener(request.host());
        RouteEntry<HttpRule> routeEntry = actual == null ? null : actual.find(request);
        assertThat(actual == null ? null : actual.listener())
                .as("seed %d: listener of %s", seed, request)
                .isEqualTo(listener.orElse(null));
        assertThat(routeEntry)
                .as("seed %d: rule of %s", seed, request)
                .isEqualTo(
                        expected.map(best ->
                                        new RouteEntry<>(best.rule(), best.match(), best.rule()))
                                .orElse(null));
        return routeEntry != null;
    }

    @ParameterizedTest
    @ValueSource(longs = {5})
    void compile_inputInAnotherOrder_findsTheSame(long start) {
        for (long seed = start * 1_000_000; seed < start * 1_000_000 + 1_000; seed++) {
            RandomRoutes routes = new RandomRoutes(seed);
            Port port = routes.port();
            RouteTable<HttpRule> table = RouteTable.compile(port, Function.identity());
            RouteTable<HttpRule> other =
                    RouteTable.compile(routes.reordered(port), Function.identity());
            for (int i = 0; i < REQUESTS; i++) {
                TestRequest request = routes.request();
                assertThat(find(other, request))
                        .as("seed %d: %s", seed, request)
                        .isEqualTo(find(table, request));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {6})
    void recompile_anyEdits_equalsCompile(long start) {
        for (long seed = start * 1_000_000; seed < start * 1_000_000 + 400; seed++) {
            RandomRoutes routes = new RandomRoutes(seed);
            Port port = routes.port();
            RouteTable<HttpRule> table = RouteTable.compile(port, Function.identity());
            for (int edit = 0; edit < 5; edit++) {
                port = routes.edited(port);
                table = RouteTable.recompile(table, port, Function.identity());
                RouteTable<HttpRule> full = RouteTable.compile(port, Function.identity());
                for (int i = 0; i < REQUESTS; i++) {
                    TestRequest request = routes.request();
                    assertThat(find(table, request))
                            .as("seed %d, edit %d: %s", seed, edit, request)
                            .isEqualTo(find(full, request));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {7})
    void explain_anyRequest_agreesWithFind(long start) {
        for (long seed = start * 1_000_000; seed < start * 1_000_000 + 400; seed++) {
            RandomRoutes routes = new RandomRoutes(seed);
            RouteTable<HttpRule> table = RouteTable.compile(routes.port(), Function.identity());
            for (int i = 0; i < REQUESTS; i++) {
                TestRequest request = routes.request();
                Explanation explanation = Explain.explain(request, table);
                RouteEntry<HttpRule> routeEntry = find(table, request);
                assertThat(explanation.winner().map(Explanation.Step::match).orElse(null))
                        .as("seed %d: %s", seed, request)
                        .isEqualTo(routeEntry == null ? null : routeEntry.match());
                assertThat(explanation.winner().map(Explanation.Step::rule).orElse(null))
                        .as("seed %d: %s", seed, request)
                        .isEqualTo(routeEntry == null ? null : routeEntry.rule());
            }
        }
    }

    private static @Nullable RouteEntry<HttpRule> find(
            RouteTable<HttpRule> table, RequestView request) {
        ListenerTable<HttpRule> listener = table.listener(request.host());
        return listener == null ? null : listener.find(request);
    }
}
