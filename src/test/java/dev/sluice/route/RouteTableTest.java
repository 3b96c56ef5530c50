package dev.sluice.route;

import static dev.sluice.route.TestRequest.get;
import static dev.sluice.route.TestRules.attached;
import static dev.sluice.route.TestRules.exact;
import static dev.sluice.route.TestRules.header;
import static dev.sluice.route.TestRules.hosted;
import static dev.sluice.route.TestRules.httpRule;
import static dev.sluice.route.TestRules.listener;
import static dev.sluice.route.TestRules.method;
import static dev.sluice.route.TestRules.origin;
import static dev.sluice.route.TestRules.port;
import static dev.sluice.route.TestRules.prefix;
import static dev.sluice.route.TestRules.query;
import static dev.sluice.route.TestRules.winner;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.sluice.ir.AttachedRule;
import dev.sluice.ir.HttpRule;
import dev.sluice.ir.Port;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What compiling promises, beside finding the right rule.
class RouteTableTest {

    private static HttpRule rule(String name) {
        return httpRule(origin(name, 0, Instant.EPOCH), prefix("/a"), prefix("/b"));
    }

    @Test
    void compile_ruleAttachedSeveralTimes_targetIsCalledOnce() {
        HttpRule rule = rule("r");
        AttachedRule attached = attached(List.of("a.example.com", "*.example.com"), rule);
        Port port = port(listener("", attached), listener("*.example.com", attached));
        List<HttpRule> called = new ArrayList<>();

        RouteTable.compile(port, each -> called.add(each) ? "target" : "");

        assertThat(called).hasSize(1).first().isSameAs(rule);
    }

    @Test
    void compile_equalInstancesOfARule_targetIsCalledForEach() {
        Port port =
                port(
                        listener("a", attached(List.of("a"), rule("r"))),
                        listener("b", attached(List.of("b"), rule("r"))));
        List<HttpRule> called = new ArrayList<>();

        RouteTable.compile(port, each -> called.add(each) ? "target" : "");

        assertThat(called).hasSize(2);
    }

    @Test
    void find_sameRuleAndMatch_isTheSameInstance() {
        Port port = port(listener("", attached(List.of("", "b"), rule("r"))));
        ListenerTable<String> table = RouteTable.compile(port, _ -> "t").listener("b");

        assertThat(table).isNotNull();
        assertThat(table.find(get("a", "/a"))).isNotNull().isSameAs(table.find(get("b", "/a/x")));
        assertThat(table.find(get("a", "/b"))).isNotSameAs(table.find(get("a", "/a")));
    }

    @Test
    void recompile_oneRuleChanged_keepsTargetsAndStructuresOfTheOthers() {
        AttachedRule a = hosted("a", "a");
        AttachedRule b = hosted("b", "b");
        RouteTable<String> before =
                RouteTable.compile(port(listener("", a, b)), rule -> rule.origin().name());

        AttachedRule changed = hosted("b", "b", exact("/new"));
        RouteTable<String> after =
                RouteTable.recompile(
                        before,
                        port(listener("", changed, a)),
                        rule -> "new " + rule.origin().name());

        assertThat(winner(after, get("a", "/"))).isEqualTo("a");
        assertThat(winner(after, get("b", "/new"))).isEqualTo("new b");
        assertThat(winner(after, get("b", "/"))).isEqualTo("no rule");
        assertThat(paths(after, a)).isSameAs(paths(before, a));
        assertThat(paths(after, b)).isNotSameAs(paths(before, b));
    }

    private static PathIndex<String> paths(RouteTable<String> table, AttachedRule rule) {
        ListenerTable<String> listener = table.listener("x");
        assertThat(listener).isNotNull();
        PathIndex<String> paths = listener.hosts().at(rule.hostnames().getFirst());
        assertThat(paths).isNotNull();
        return paths;
    }

    @Test
    void find_ordinaryRequests_allocatesNothingToSpeakOf() {
        Port port =
                port(
                        listener("", hosted("other", "", prefix("/"))),
                        listener(
                                "*.example.com",
                                hosted("wildcard", "*.example.com", prefix("/a/b")),
                                hosted("exact", "a.example.com", exact("/exact")),
                                hosted("method", "a.example.com", method("PUT", prefix("/a/b/c"))),
                                hosted("header", "a.example.com", header("x", "1", prefix("/h"))),
                                hosted("query", "a.example.com", query("q", "1", prefix("/q")))));
        RouteTable<String> table = RouteTable.compile(port, rule -> rule.origin().name());
        List<TestRequest> requests =
                List.of(
                        get("a.example.com", "/exact"),
                        get("a.example.com", "/a/b/c/d"),
                        get("a.example.com", "/h").withHeader("x", "1"),
                        get("a.example.com", "/q").withQuery("p=2&%71=1"),
                        get("x.y.example.com", "/a/b"),
                        get("other.org", "/"));
        assertThat(requests)
                .extracting(request -> winner(table, request))
                .containsExactly("exact", "wildcard", "header", "query", "wildcard", "other");

        findAll(table, requests, 20_000);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        int found = findAll(table, requests, 1_000);
        long bytes = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(found).isEqualTo(1_000 * requests.size());
        assertThat(bytes / found).as("bytes per search").isLessThan(64);
    }

    private static int findAll(RouteTable<String> table, List<TestRequest> requests, int rounds) {
        int found = 0;
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < requests.size(); i++) {
                TestRequest request = requests.get(i);
                ListenerTable<String> listener = table.listener(request.host());
                found += listener != null && listener.find(request) != null ? 1 : 0;
            }
        }
        return found;
    }
}
