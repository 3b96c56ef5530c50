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
import dev.sluice.path.NormalizedPath;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Random configurations and requests from a small world, so that much collides.
final class RandomRoutes {

    private static final List<String> HOSTNAMES =
            List.of(
                    "",
                    "*.com",
                    "*.example.com",
                    "*.a.example.com",
                    "*.b.a.example.com",
                    "example.com",
                    "a.example.com",
                    "b.a.example.com",
                    "*.org",
                    "x.org");
    private static final List<String> HOSTS =
            List.of(
                    "",
                    "com",
                    "example.com",
                    "a.example.com",
                    "b.a.example.com",
                    "x.org",
                    ".org",
                    "c.b.a.example.com",
                    "d.c.b.a.example.com",
                    "aexample.com",
                    "c.a.example.com");
    private static final List<String> ELEMENTS = List.of("a", "b", "ab", "%61", "a%2fb", "%2f");
    private static final List<String> EXPRESSIONS =
            List.of("/a.*", "/[ab]/b", "/a(/.*)?", ".*", "/a/.", "/ab?", "/b/.*", "(?i)/A.*");
    private static final List<String> QUERY_PIECES =
            List.of(
                    "q=1",
                    "q=%31",
                    "q=2",
                    "q=",
                    "q",
                    "p=1",
                    "p=a+b",
                    "p=a%20b",
                    "a+b=1",
                    "a%20b=2",
                    "%C3%BC=%c3%bc",
                    "=1",
                    "",
                    "q=%",
                    "q=%zz",
                    "%71=1",
                    "q=1=2",
                    "Q=1",
                    "p=%2B");

    private final SplittableRandom random;
    private int routes;

    RandomRoutes(long seed) {
        random = new SplittableRandom(seed);
    }

    <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private boolean oneIn(int times) {
        return random.nextInt(times) == 0;
    }

    private <T> List<T> some(int min, int max, Supplier<T> make) {
        List<T> made = new ArrayList<>();
        for (int i = random.nextInt(min, max + 1); i > 0; i--) {
            made.add(make.get());
        }
        return made;
    }

    private <T> List<T> shuffled(List<T> list) {
        List<T> copy = new ArrayList<>(list);
        Collections.shuffle(copy, Random.from(random));
        return copy;
    }

    Port port() {
        List<HttpListener> listeners =
                shuffled(HOSTNAMES).stream()
                        .limit(random.nextInt(1, 5))
                        .map(HostPattern::new)
                        .map(this::listener)
                        .toList();
        return port(listeners);
    }

    private static Port port(List<HttpListener> listeners) {
        return new Port("ns/gw:80", "ns/gw", "", 0, 80, listeners);
    }

    private HttpListener listener(HostPattern hostname) {
        List<AttachedRule> rules = new ArrayList<>();
        some(1, 12, () -> rules.addAll(route(hostname)));
        return new HttpListener("ns/gw/" + hostname, hostname, null, rules);
    }

    private List<AttachedRule> route(HostPattern listener) {
        List<HostPattern> intersecting =
                HOSTNAMES.stream().map(HostPattern::new).filter(listener::intersects).toList();
        List<HostPattern> hostnames =
                some(1, 2, () -> one(intersecting)).stream().distinct().toList();
        Instant created = Instant.ofEpochSecond(random.nextInt(2));
        String namespace = one(List.of("n", "m"));
        String name = "route-" + random.nextInt(10) + "-" + routes++;
        List<AttachedRule> rules = new ArrayList<>();
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            Origin origin = new Origin("HTTPRoute", namespace, name, i, null, created);
            rules.add(new AttachedRule(hostnames, rule(origin)));
        }
        return rules;
    }

    HttpRule rule(Origin origin) {
        return RuleBuilder.rule(origin).matches(some(1, 3, this::match)).build();
    }

    private HttpMatch match() {
        return new HttpMatch(pathMatch(), method(3), valueMatches("X-"), valueMatches(""));
    }

    private PathMatch pathMatch() {
        return switch (random.nextInt(5)) {
            case 0 -> new PathMatch.Exact(path(3));
            case 1 -> new PathMatch.Regex(one(EXPRESSIONS));
            default -> new PathMatch.Prefix(path(3));
        };
    }

    private @Nullable String method(int in) {
        return oneIn(in) ? one(List.of("GET", "POST", "get")) : null;
    }

    private List<ValueMatch> valueMatches(String prefix) {
        return oneIn(4) ? some(1, 3, () -> valueMatch(prefix)) : List.of();
    }

    private ValueMatch valueMatch(String prefix) {
        String name = prefix + one(List.of("q", "Q", "p", "a b", "ü"));
        return oneIn(4)
                ? new ValueMatch(name, one(List.of("[12]", ".*", "1.*", "a b")), true)
                : new ValueMatch(name, one(List.of("1", "2", "", "a b", "ü", "1,2")), false);
    }

    private String path(int depth) {
        StringBuilder path = new StringBuilder();
        some(0, depth, () -> path.append('/').append(one(ELEMENTS)));
        return path.isEmpty() || oneIn(4) ? path.append('/').toString() : path.toString();
    }

    TestRequest request() {
        String path = path(4);
        if (NormalizedPath.of(path) instanceof NormalizedPath.Safe(String normal)) {
            path = normal;
        }
        Map<String, String> headers = new HashMap<>();
        some(0, 3, () -> headers.put("x-" + one(List.of("q", "p", "a b", "ü")), value()));
        return new TestRequest(
                one(List.of("GET", "POST", "get")),
                one(HOSTS),
                oneIn(50) ? "*" : path,
                String.join("&", some(0, 3, () -> one(QUERY_PIECES))),
                headers);
    }

    private String value() {
        return one(List.of("1", "2", "", "a b", "ü", "1,2"));
    }

    /// The same port with everything in another order that has no meaning.
    Port reordered(Port port) {
        List<HttpListener> listeners = new ArrayList<>();
        for (HttpListener listener : listeners(port)) {
            List<AttachedRule> rules =
                    shuffled(listener.rules()).stream()
                            .map(each -> new AttachedRule(shuffled(each.hostnames()), each.rule()))
                            .toList();
            listeners.add(new HttpListener(listener.name(), listener.hostname(), null, rules));
        }
        return port(shuffled(listeners));
    }

    /// The port after a few random edits: rules gone, come, changed, other listeners.
    Port edited(Port port) {
        List<HttpListener> listeners = new ArrayList<>();
        for (HttpListener listener : listeners(port)) {
            List<AttachedRule> rules = new ArrayList<>(listener.rules());
            some(
                    0,
                    2,
                    () -> !rules.isEmpty() && rules.remove(random.nextInt(rules.size())) == null);
            some(0, 1, () -> rules.addAll(route(listener.hostname())));
            if (!rules.isEmpty() && oneIn(2)) {
                AttachedRule changed = one(rules);
                rules.set(
                        rules.indexOf(changed),
                        new AttachedRule(changed.hostnames(), rule(changed.rule().origin())));
            }
            listeners.add(new HttpListener(listener.name(), listener.hostname(), null, rules));
        }
        if (oneIn(4)) {
            listeners.set(0, listener(listeners.getFirst().hostname()));
        }
        return port(listeners);
    }

    private static List<HttpListener> listeners(Port port) {
        return port.listeners().stream().map(HttpListener.class::cast).toList();
    }
}
