package dev.sluice.route;

import static dev.sluice.route.TestRequest.get;
import static dev.sluice.route.TestRules.exact;
import static dev.sluice.route.TestRules.header;
import static dev.sluice.route.TestRules.hosted;
import static dev.sluice.route.TestRules.listener;
import static dev.sluice.route.TestRules.method;
import static dev.sluice.route.TestRules.port;
import static dev.sluice.route.TestRules.prefix;
import static dev.sluice.route.TestRules.query;
import static dev.sluice.route.TestRules.regex;
import static dev.sluice.route.TestRules.rule;
import static dev.sluice.route.TestRules.rules;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.ir.AttachedRule;
import dev.sluice.ir.HttpMatch;
import dev.sluice.ir.HttpRule;
import dev.sluice.ir.Port;
import dev.sluice.ir.ValueMatch;
import dev.sluice.route.Explanation.CandidateOutcome;
import dev.sluice.route.Explanation.ConditionKind;
import dev.sluice.route.Explanation.Fails;
import dev.sluice.route.Explanation.GivesUp;
import dev.sluice.route.Explanation.Outranked;
import dev.sluice.route.Explanation.Totals;
import dev.sluice.route.Explanation.Wins;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ExplainTest {

    private static Explanation explain(Port port, RequestView request) {
        return Explain.explain(request, RouteTable.compile(port, Function.identity()));
    }

    private static List<String> names(Explanation explanation) {
        return explanation.candidates().stream().map(step -> step.rule().origin().name()).toList();
    }

    private static List<CandidateOutcome> outcomes(Explanation explanation) {
        return explanation.candidates().stream().map(Explanation.Step::candidateOutcome).toList();
    }

    @Test
    void explain_severalListeners_tellsWhyOneIsChosen() {
        Port port =
                port(
                        listener("b.org"),
                        listener(""),
                        listener("a.example.com"),
                        listener("*.example.com"));

        Explanation explanation = explain(port, get("a.example.com", "/"));

        assertThat(explanation.listener())
                .hasValueSatisfying(
                        listener -> assertThat(listener.name()).isEqualTo("ns/gw/a.example.com"));
        assertThat(explanation.listenersTotal()).isEqualTo(4);
        assertThat(explanation.listeners())
                .extracting(Explanation.Contender::reason)
                .containsExactly(
                        "hostname a.example.com is the most specific one that takes host"
                                + " 'a.example.com'",
                        "hostname *.example.com takes host 'a.example.com', but a.example.com is"
                                + " more specific",
                        "hostname * takes host 'a.example.com', but a.example.com is more specific",
                        "hostname b.org does not take host 'a.example.com'");
        assertThat(explanation.candidates()).isEmpty();
        assertThat(explanation.winner()).isEmpty();
    }

    @Test
    void explain_noListenerTakesTheHost_saysSo() {
        Explanation explanation = explain(port(listener("a", hosted("r", "a"))), get("b", "/"));

        assertThat(explanation.listener()).isEmpty();
        assertThat(explanation.listeners())
                .containsExactly(
                        new Explanation.Contender(
                                listener("a", hosted("r", "a")),
                                false,
                                "hostname a does not take host 'b'"));
        assertThat(explanation.candidates()).isEmpty();
        assertThat(explanation.totals()).isEqualTo(new Totals(0, Map.of(), 0));
    }

    @Test
    void explain_losers_tellTheFirstConditionThatFails() {
        Port port =
                rules(
                        hosted("host", "*.org", method("PUT", exact("/other"))),
                        rule("exact", exact("/a/")),
                        rule("expression", regex("/[xy]")),
                        rule("method", method("POST", prefix("/a"))),
                        rule("header", header("X-V", "2", prefix("/a"))),
                        rule("absent", header(new ValueMatch("y", "[0-9]", true), prefix("/a"))),
                        rule("query", query("q", "1", prefix("/a"))),
                        rule("no query", query("r", "1", prefix("/a"))),
                        rule("longer", prefix("/a/b")));

        Explanation explanation =
                explain(port, get("h", "/a").withHeader("x-v", "1").withQuery("q=%32"));

        assertThat(names(explanation))
                .containsExactly(
                        "host",
                        "exact",
                        "expression",
                        "longer",
                        "method",
                        "absent",
                        "header",
                        "no query",
                        "query");
        assertThat(outcomes(explanation))
                .containsExactly(
                        new Fails(ConditionKind.HOSTNAME, "hostname *.org does not take host 'h'"),
                        new Fails(ConditionKind.PATH, "path: expected exactly '/a/', was '/a'"),
                        new Fails(
                                ConditionKind.PATH, "path: expected a match of '/[xy]', was '/a'"),
                        new Fails(
                                ConditionKind.PATH,
                                "path: expected one at or below '/a/b', was '/a'"),
                        new Fails(ConditionKind.METHOD, "method: expected POST, was GET"),
                        new Fails(
                                ConditionKind.HEADER,
                                "header y: expected a match of '[0-9]', there is none"),
                        new Fails(ConditionKind.HEADER, "header x-v: expected '2', was '1'"),
                        new Fails(
                                ConditionKind.QUERY,
                                "query parameter r: expected '1', there is none"),
                        new Fails(ConditionKind.QUERY, "query parameter q: expected '1', was '2'"));
        assertThat(explanation.winner()).isEmpty();
        assertThat(explanation.totals())
                .isEqualTo(
                        new Totals(
                                9,
                                Map.of(
                                        ConditionKind.HOSTNAME,
                                        1,
                                        ConditionKind.PATH,
                                        3,
                                        ConditionKind.METHOD,
                                        1,
                                        ConditionKind.HEADER,
                                        2,
                                        ConditionKind.QUERY,
                                        2),
                                0));
    }

    @Test
    void explain_severalTakeTheRequest_tellsWhatDecided() {
        HttpMatch get = method("GET", prefix("/a"));
        Port port =
                rules(
                        hosted("wider", "*.com", exact("/a")),
                        hosted("winner", "h.com", exact("/a")),
                        hosted("expression", "h.com", regex("/.")),
                        hosted("method", "h.com", get),
                        rule("younger", Instant.MAX, exact("/a")));
        Port equal =
                rules(
                        rule("b", HttpMatch.ALL),
                        rule("a", HttpMatch.ALL, prefix("/")),
                        rule("c", Instant.MAX, HttpMatch.ALL));

        assertThat(outcomes(explain(port, get("h.com", "/a"))))
                .containsExactly(
                        new Wins(),
                        outranked("winner", Precedence.PATH_TYPE.reason()),
                        outranked("winner", Precedence.PATH_TYPE.reason()),
                        outranked("winner", "the more specific hostname comes first"),
                        outranked("winner", "the more specific hostname comes first"));
        assertThat(outcomes(explain(equal, get("h.com", "/a"))))
                .containsExactly(
                        new Wins(),
                        outranked("a", "the first match of a rule comes first"),
                        outranked("a", "the first by namespace, name and rule index comes first"),
                        outranked("a", "the older route comes first"));
    }

    private static Outranked outranked(String winner, String reason) {
        return new Outranked("httproute/ns/" + winner + "/0 comes first: " + reason);
    }

    @Test
    void explain_expressionGivesUp_endsTheSearch() {
        Port port = rules(rule("root", prefix("/")), rule("evil", regex("/(.*a){5}b")));

        Explanation explanation = explain(port, get("h", "/" + "a".repeat(100)));

        assertThat(outcomes(explanation))
                .containsExactly(
                        new GivesUp("regular expression '/(.*a){5}b' takes too much work"),
                        outranked("evil", Precedence.PATH_TYPE.reason()));
        assertThat(explanation.winner()).isEmpty();
    }

    @Test
    void explain_manyCandidates_tellsTheNearestAndCountsAll() {
        AttachedRule[] many =
                IntStream.range(0, 1_000)
                        .mapToObj(i -> rule("r" + i, Instant.EPOCH, prefix("/path/" + i)))
                        .toArray(AttachedRule[]::new);
        Port port = rules(many);
        RouteTable<HttpRule> table = RouteTable.compile(port, Function.identity());

        Explanation explanation = Explain.explain(get("h", "/path/777"), table, 4);

        assertThat(names(explanation)).containsExactly("r770", "r771", "r772", "r777");
        assertThat(explanation.winner())
                .hasValueSatisfying(
                        step -> assertThat(step.rule().origin().name()).isEqualTo("r777"));
        assertThat(explanation.totals())
                .isEqualTo(new Totals(1_000, Map.of(ConditionKind.PATH, 999), 0));
        assertThat(Explain.explain(get("h", "/path/777"), table, 0).candidates()).hasSize(1);
    }
}
