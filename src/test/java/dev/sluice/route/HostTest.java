package dev.sluice.route;

import static dev.sluice.route.TestRequest.get;
import static dev.sluice.route.TestRules.exact;
import static dev.sluice.route.TestRules.hosted;
import static dev.sluice.route.TestRules.listener;
import static dev.sluice.route.TestRules.port;
import static dev.sluice.route.TestRules.prefix;
import static dev.sluice.route.TestRules.winner;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.ir.AttachedRule;
import dev.sluice.ir.HostPattern;
import dev.sluice.ir.HttpListener;
import dev.sluice.ir.Port;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Listeners by host, and rules by hostname.
class HostTest {

    private static final Port LISTENERS =
            port(
                    listener("", hosted("any", "")),
                    listener("*.example.com", hosted("wildcard", "")),
                    listener("*.b.example.com", hosted("longer", "")),
                    listener("a.b.example.com", hosted("exact", "")));

    @ParameterizedTest
    @CsvSource({
        "a.b.example.com, exact",
        "c.b.example.com, longer",
        "x.a.b.example.com, longer",
        "b.example.com, wildcard",
        "x.y.example.com, wildcard",
        "example.com, any",
        "xexample.com, any",
        ".example.com, any",
        "'', any"
    })
    void listener_severalTakeTheHost_mostSpecificWins(String host, String expected) {
        assertThat(winner(LISTENERS, get(host, "/"))).isEqualTo(expected);
    }

    @Test
    void listener_noneTakesTheHost_isNull() {
        Port port = port(listener("a.example.com"), listener("*.b.example.com"));

        RouteTable<String> table = RouteTable.compile(port, _ -> "");

        assertThat(table.listener("b.example.com")).isNull();
        assertThat(table.listener("")).isNull();
    }

    @Test
    void find_noRuleOfTheListener_doesNotFallBackToAnotherListener() {
        Port port =
                port(
                        listener("", hosted("other", "", prefix("/"))),
                        listener("a.example.com", hosted("own", "", exact("/own"))));

        assertThat(winner(port, get("a.example.com", "/own"))).isEqualTo("own");
        assertThat(winner(port, get("a.example.com", "/"))).isEqualTo("no rule");
    }

    @Test
    void listener_equalHostnames_firstByNameInAnyOrder() {
        HttpListener a = new HttpListener("a", HostPattern.ANY, null, List.of(hosted("a", "")));
        HttpListener b = new HttpListener("b", HostPattern.ANY, null, List.of(hosted("b", "")));

        assertThat(winner(port(a, b), get("x", "/"))).isEqualTo("a");
        assertThat(winner(port(b, a), get("x", "/"))).isEqualTo("a");
    }

    @Test
    void find_severalHostnamesTakeTheHost_mostSpecificHostnameWinsOverPath() {
        Port port =
                port(
                        listener(
                                "",
                                hosted("any", "", exact("/path")),
                                hosted("wildcard", "*.example.com", exact("/path")),
                                hosted("longer", "*.b.example.com", prefix("/path")),
                                hosted("exact", "a.b.example.com", prefix("/"))));

        assertThat(winner(port, get("a.b.example.com", "/path"))).isEqualTo("exact");
        assertThat(winner(port, get("c.b.example.com", "/path"))).isEqualTo("longer");
        assertThat(winner(port, get("b.example.com", "/path"))).isEqualTo("wildcard");
        assertThat(winner(port, get("other.org", "/path"))).isEqualTo("any");
    }

    @Test
    void find_nothingAtAHostname_fallsThroughToTheNextWiderOne() {
        Port port =
                port(
                        listener(
                                "",
                                hosted("any", "", prefix("/")),
                                hosted("wildcard", "*.com", exact("/w")),
                                hosted("longer", "*.example.com", exact("/l")),
                                hosted("exact", "a.example.com", exact("/e"))));

        assertThat(winner(port, get("a.example.com", "/e"))).isEqualTo("exact");
        assertThat(winner(port, get("a.example.com", "/l"))).isEqualTo("longer");
        assertThat(winner(port, get("a.example.com", "/w"))).isEqualTo("wildcard");
        assertThat(winner(port, get("a.example.com", "/"))).isEqualTo("any");
        assertThat(winner(port, get("b.example.com", "/e"))).isEqualTo("any");
    }

    @Test
    void find_wildcardOfTheRouteIsWiderThanTheListener_ranksByItsOwnText() {
        Port port =
                port(
                        listener(
                                "*.a.example.com",
                                hosted("wide", "*.com", prefix("/")),
                                hosted("narrow", "*.example.com", prefix("/"))));

        assertThat(winner(port, get("x.a.example.com", "/"))).isEqualTo("narrow");
    }

    @Test
    void find_manyWildcards_eachIsFound() {
        Port port =
                port(
                        listener(
                                "",
                                IntStream.range(0, 10_000)
                                        .mapToObj(i -> hosted("w" + i, "*.w" + i + ".example.com"))
                                        .toArray(AttachedRule[]::new)));
        RouteTable<String> table = RouteTable.compile(port, rule -> rule.origin().name());

        for (int i = 0; i < 10_000; i++) {
            assertThat(winner(table, get("x.w" + i + ".example.com", "/"))).isEqualTo("w" + i);
        }
        assertThat(winner(table, get("w1.example.com", "/"))).isEqualTo("no rule");
    }
}
