package dev.sluice.route;

import static dev.sluice.route.TestRequest.get;
import static dev.sluice.route.TestRules.attached;
import static dev.sluice.route.TestRules.header;
import static dev.sluice.route.TestRules.httpRule;
import static dev.sluice.route.TestRules.listener;
import static dev.sluice.route.TestRules.method;
import static dev.sluice.route.TestRules.origin;
import static dev.sluice.route.TestRules.port;
import static dev.sluice.route.TestRules.prefix;
import static dev.sluice.route.TestRules.query;
import static dev.sluice.route.TestRules.rule;
import static dev.sluice.route.TestRules.rules;
import static dev.sluice.route.TestRules.winner;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.ir.AttachedRule;
import dev.sluice.ir.HttpMatch;
import dev.sluice.ir.HttpRule;
import dev.sluice.ir.Port;
import dev.sluice.ir.ValueMatch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Conditions other than the path's, and how they rank.
class ConditionTest {

    private static final HttpMatch ALL = HttpMatch.ALL;
    private static final TestRequest REQUEST = get("h", "/");

    private static boolean takes(HttpMatch match, TestRequest request) {
        return winner(rules(rule("it", match)), request).equals("it");
    }

    @Test
    void find_method_isCaseSensitive() {
        assertThat(takes(method("GET", ALL), REQUEST)).isTrue();
        assertThat(takes(method("GET", ALL), REQUEST.withMethod("get"))).isFalse();
        assertThat(takes(method("PURGE", ALL), REQUEST.withMethod("PURGE"))).isTrue();
    }

    @Test
    void find_header_nameInAnyCaseValueExact() {
        HttpMatch match = header("X-Version", "v1", ALL);

        assertThat(takes(match, REQUEST.withHeader("x-version", "v1"))).isTrue();
        assertThat(takes(match, REQUEST.withHeader("x-version", "V1"))).isFalse();
        assertThat(takes(match, REQUEST.withHeader("x-version", "v1,v2"))).isFalse();
        assertThat(takes(match, REQUEST)).isFalse();
    }

    @Test
    void find_headerExpression_takesTheWholeValue() {
        HttpMatch match = header(new ValueMatch("x", "v[0-9]", true), ALL);

        assertThat(takes(match, REQUEST.withHeader("x", "v1"))).isTrue();
        assertThat(takes(match, REQUEST.withHeader("x", "v12"))).isFalse();
        assertThat(takes(match, REQUEST)).isFalse();
    }

    @Test
    void find_headerConditionsOfEqualNames_onlyTheFirstCounts() {
        HttpMatch match = header("x-a", "2", header("X-A", "1", ALL));

        assertThat(takes(match, REQUEST.withHeader("x-a", "1"))).isTrue();
        assertThat(takes(match, REQUEST.withHeader("x-a", "2"))).isFalse();
    }

    @Test
    void find_queryConditionsOfEqualNames_onlyTheFirstCounts() {
        HttpMatch match = query("q", "2", query("q", "1", ALL));

        assertThat(takes(match, REQUEST.withQuery("q=1"))).isTrue();
        assertThat(takes(match, REQUEST.withQuery("q=2"))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "q, 1, q=1, true",
        "q, 1, q=2, false",
        "q, 1, a=1&q=1&b, true",
        "q, 1, Q=1, false",
        "q, 1, qq=1, false",
        "q, 1, aq=1, false",
        // Only the first value of a name counts.
        "q, 1, q=2&q=1, false",
        "q, 1, q=1&q=2, true",
        // Decoded, as forms are.
        "q, 1, %71=%31, true",
        "a b, c d, a+b=c%20d, true",
        "q, a+b, q=a%2Bb, true",
        "q, a+b, q=a+b, false",
        "q, a&b=c, q=a%26b=c, true",
        "ü, é, %C3%BC=%c3%a9, true",
        "q, \u00c3, q=\u00c3, false",
        "q, \u00e9, q=\u00c3\u00a9, true",
        // An invalid escape is text.
        "q, 100%, q=100%, true",
        "q, %zz, q=%zz, true",
        "q, %4, q=%4&1, true",
        // Without a value.
        "q, '', q=, true",
        "q, '', q, true",
        "q, '', a&q&b, true",
        "q, '', '', false",
        "q, '', &&, false",
        "q, 1, '', false"
    })
    void find_query_comparesDecoded(String name, String value, String query, boolean expected) {
        assertThat(takes(query(name, value, ALL), REQUEST.withQuery(query))).isEqualTo(expected);
    }

    @Test
    void find_queryExpression_takesTheWholeDecodedValue() {
        HttpMatch match = query(new ValueMatch("q", "a é[0-9]", true), ALL);

        assertThat(takes(match, REQUEST.withQuery("q=a+%C3%A91"))).isTrue();
        assertThat(takes(match, REQUEST.withQuery("q=a+%C3%A912"))).isFalse();
    }

    @Test
    void find_severalMatchesOfARule_anyTakes() {
        Port port = rules(rule("it", method("PUT", ALL), header("x", "1", ALL)));

        assertThat(winner(port, REQUEST)).isEqualTo("no rule");
        assertThat(winner(port, REQUEST.withMethod("PUT"))).isEqualTo("it");
        assertThat(winner(port, REQUEST.withHeader("x", "1"))).isEqualTo("it");
    }

    @Test
    void find_equalPaths_methodThenHeadersThenQueryThenAgeThenNameWin() {
        HttpMatch twoHeaders = header("y", "1", header("x", "1", ALL));
        HttpMatch twoQueries = query("r", "1", query("q", "1", ALL));
        List<AttachedRule> ranked =
                List.of(
                        rule("method", Instant.MAX, method("GET", ALL)),
                        rule("headers", Instant.MAX, twoHeaders),
                        rule(
                                "header and query",
                                Instant.MAX,
                                query("q", "1", header("x", "1", ALL))),
                        // The second condition of a name is ignored, so it gives no rank.
                        rule("header", Instant.MAX, header("X", "2", header("x", "1", ALL))),
                        rule("queries", Instant.MAX, twoQueries),
                        rule("query", Instant.MAX, query("q", "1", ALL)),
                        rule("z old", Instant.EPOCH, ALL),
                        rule("a young", Instant.EPOCH.plusSeconds(1), ALL),
                        rule("b young", Instant.EPOCH.plusSeconds(1), ALL));
        TestRequest request =
                REQUEST.withHeader("x", "1").withHeader("y", "1").withQuery("q=1&r=1");

        List<AttachedRule> rest = new ArrayList<>(ranked.reversed());
        for (AttachedRule expected : ranked) {
            Port port = rules(rest.toArray(AttachedRule[]::new));
            assertThat(winner(port, request)).isEqualTo(expected.rule().origin().name());
            rest.remove(expected);
        }
    }

    @Test
    void find_equalRulesOfARoute_firstRuleThenFirstMatchWins() {
        HttpRule second = httpRule(origin("r", 1, Instant.EPOCH), ALL);
        HttpRule first = httpRule(origin("r", 0, Instant.EPOCH), prefix("/"), prefix(""));
        Port port = port(listener("", attached(List.of(""), second), attached(List.of(""), first)));

        ListenerTable<HttpRule> listener = RouteTable.compile(port, rule -> rule).listener("h");

        assertThat(listener).isNotNull();
        RouteEntry<HttpRule> routeEntry = listener.find(REQUEST);
        assertThat(routeEntry).isNotNull();
        assertThat(routeEntry.rule()).isSameAs(first);
        assertThat(routeEntry.match()).isSameAs(first.matches().getFirst());
    }
}
