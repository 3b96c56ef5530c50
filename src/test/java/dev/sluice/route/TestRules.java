package dev.sluice.route;

import dev.sluice.fixture.gateway.RuleBuilder;
import dev.sluice.ir.AttachedRule;
import dev.sluice.ir.HostPattern;
import dev.sluice.ir.HttpListener;
import dev.sluice.ir.HttpMatch;
import dev.sluice.ir.HttpRule;
import dev.sluice.ir.Origin;
import dev.sluice.ir.PathMatch;
import dev.sluice.ir.Port;
import dev.sluice.ir.ValueMatch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Short ways to write rules.
final class TestRules {

    private TestRules() {}

    static Port port(HttpListener... listeners) {
        return new Port("ns/gw:80", "ns/gw", "", 0, 80, List.of(listeners));
    }

    static HttpListener listener(String hostname, AttachedRule... rules) {
        String name = "ns/gw/" + (hostname.isEmpty() ? "any" : hostname);
        return new HttpListener(name, new HostPattern(hostname), null, List.of(rules));
    }

    /// A port with one listener for every host.
    static Port rules(AttachedRule... rules) {
        return port(listener("", rules));
    }

    static AttachedRule rule(String name, HttpMatch... matches) {
        return rule(name, Instant.EPOCH, matches);
    }

    static AttachedRule rule(String name, Instant created, HttpMatch... matches) {
        return attached(List.of(""), httpRule(origin(name, 0, created), matches));
    }

    static AttachedRule hosted(String name, String hostname, HttpMatch... matches) {
        return attached(List.of(hostname), httpRule(origin(name, 0, Instant.EPOCH), matches));
    }

    static AttachedRule attached(List<String> hostnames, HttpRule rule) {
        return new AttachedRule(hostnames.stream().map(HostPattern::new).toList(), rule);
    }

    static Origin origin(String name, int rule, Instant created) {
        return new Origin("HTTPRoute", "ns", name, rule, null, created);
    }

    static HttpRule httpRule(Origin origin, HttpMatch... matches) {
        RuleBuilder rule = RuleBuilder.rule(origin);
        return (matches.length == 0 ? rule : rule.matches(matches)).build();
    }

    static HttpMatch exact(String path) {
        return match(new PathMatch.Exact(path));
    }

    static HttpMatch prefix(String path) {
        return match(new PathMatch.Prefix(path));
    }

    static HttpMatch regex(String expression) {
        return match(new PathMatch.Regex(expression));
    }

    private static HttpMatch match(PathMatch path) {
        return new HttpMatch(path, null, List.of(), List.of());
    }

    static HttpMatch method(String method, HttpMatch match) {
        return new HttpMatch(match.path(), method, match.headers(), match.query());
    }

    static HttpMatch header(String name, String value, HttpMatch match) {
        return header(new ValueMatch(name, value, false), match);
    }

    static HttpMatch header(ValueMatch header, HttpMatch match) {
        return new HttpMatch(
                match.path(), match.method(), plus(match.headers(), header), match.query());
    }

    static HttpMatch query(String name, String value, HttpMatch match) {
        return query(new ValueMatch(name, value, false), match);
    }

    static HttpMatch query(ValueMatch query, HttpMatch match) {
        return new HttpMatch(
                match.path(), match.method(), match.headers(), plus(match.query(), query));
    }

    private static List<ValueMatch> plus(List<ValueMatch> matches, ValueMatch more) {
        List<ValueMatch> all = new ArrayList<>(matches);
        all.add(more);
        return all;
    }

    /// The name of the route that takes the request: what most tests ask for.
    static String winner(Port port, RequestView request) {
        return winner(RouteTable.compile(port, rule -> rule.origin().name()), request);
    }

    static String winner(RouteTable<String> table, RequestView request) {
        ListenerTable<String> listener = table.listener(request.host());
        if (listener == null) {
            return "no listener";
        }
        RouteEntry<String> routeEntry = listener.find(request);
        return routeEntry == null ? "no rule" : routeEntry.target();
    }
}
