package dev.sluice.route;

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
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the specification says, in the plainest way: look at everything, sort what matches.
final class NaiveScan {

    record Found(HostPattern hostname, HttpRule rule, int index) {
        HttpMatch match() {
            return rule.matches().get(index);
        }

        Origin origin() {
            return rule.origin();
        }
    }

    // "exact path match, prefix path match with largest number of characters, method match, largest
    // number of header matches, largest number of query param matches"; then "the oldest Route",
    // "the Route appearing first in alphabetical order by {namespace}/{name}", "the FIRST matching
    // rule". Expressions (implementation-specific) between exact paths and prefixes.
    private static final Comparator<Found> PRECEDENCE =
            Comparator.comparingInt((Found found) -> hostRank(found.hostname()))
                    .thenComparingInt(
                            found -> found.match().path() instanceof PathMatch.Exact ? 0 : 1)
                    .thenComparingInt(
                            found -> found.match().path() instanceof PathMatch.Regex ? 0 : 1)
                    .thenComparingInt(found -> -pathLength(found.match().path()))
                    .thenComparingInt(found -> found.match().method() != null ? 0 : 1)
                    .thenComparingInt(found -> -headers(found.match()).size())
                    .thenComparingInt(found -> -queries(found.match()).size())
                    .thenComparing(found -> found.origin().created())
                    .thenComparing(found -> found.origin().namespace())
                    .thenComparing(found -> found.origin().name())
                    .thenComparing(found -> found.origin().kind())
                    .thenComparingInt(found -> found.origin().rule())
                    .thenComparingInt(Found::index);

    private NaiveScan() {}

    static Optional<HttpListener> listener(Port port, String host) {
        return port.listeners().stream()
                .map(HttpListener.class::cast)
                .filter(listener -> takesHost(listener.hostname(), host))
                .min(Comparator.comparingInt(listener -> hostRank(listener.hostname())));
    }

    static Optional<Found> find(HttpListener listener, RequestView request) {
        List<Found> all = new ArrayList<>();
        for (AttachedRule attached : listener.rules()) {
            for (HostPattern hostname : attached.hostnames()) {
                for (int i = 0; i < attached.rule().matches().size(); i++) {
                    all.add(new Found(hostname, attached.rule(), i));
                }
            }
        }
        return all.stream()
                .filter(found -> takesHost(found.hostname(), request.host()))
                .filter(found -> takes(found.match(), request))
                .min(PRECEDENCE);
    }

    private static boolean takesHost(HostPattern hostname, String host) {
        String text = hostname.value();
        if (text.isEmpty()) {
            return true;
        }
        String suffix = text.substring(1);
        return text.startsWith("*")
                ? host.endsWith(suffix) && !host.equals(suffix)
                : text.equals(host);
    }

    // Exact first, then wildcards by length, then none.
    private static int hostRank(HostPattern hostname) {
        String text = hostname.value();
        return text.startsWith("*") || text.isEmpty() ? -text.length() : Integer.MIN_VALUE;
    }

    private static boolean takes(HttpMatch match, RequestView request) {
        return takesPath(match.path(), request.path())
                && (match.method() == null || match.method().equals(request.method()))
                && headers(match).entrySet().stream()
                        .allMatch(e -> takesValue(e.getValue(), request.header(e.getKey())))
                && queries(match).entrySet().stream()
                        .allMatch(e ->
                                takesValue(
                                        e.getValue(), parameters(request.query()).get(e.getKey())));
    }

    private static boolean takesPath(PathMatch path, String actual) {
        return switch (path) {
            case PathMatch.Exact(String value) -> normal(value).equals(actual);
            case PathMatch.Regex(String value) -> actual.matches(value);
            case PathMatch.Prefix(String value) -> {
                List<String> wanted = elements(normal(value));
                List<String> given = elements(actual);
                yield given.size() >= wanted.size()
                        && given.subList(0, wanted.size()).equals(wanted);
            }
        };
    }

    private static List<String> elements(String path) {
        return Arrays.stream(path.split("/")).filter(element -> !element.isEmpty()).toList();
    }

    private static int pathLength(PathMatch path) {
        return switch (path) {
            case PathMatch.Exact _ -> 0;
            case PathMatch.Regex(String value) -> value.length();
            case PathMatch.Prefix(String value) ->
                    String.join("/", elements(normal(value))).length();
        };
    }

    private static String normal(String value) {
        return NormalizedPath.of(value) instanceof NormalizedPath.Safe(String path) ? path : value;
    }

    private static boolean takesValue(ValueMatch match, @Nullable String actual) {
        if (actual == null) {
            return false;
        }
        return match.regex() ? actual.matches(match.value()) : actual.equals(match.value());
    }

    // "If multiple entries specify equivalent header names, only the first entry".
    private static Map<String, ValueMatch> headers(HttpMatch match) {
        Map<String, ValueMatch> first = new HashMap<>();
        match.headers()
                .forEach(each -> first.putIfAbsent(each.name().toLowerCase(Locale.ROOT), each));
        return first;
    }

    private static Map<String, ValueMatch> queries(HttpMatch match) {
        Map<String, ValueMatch> first = new HashMap<>();
        match.query().forEach(each -> first.putIfAbsent(each.name(), each));
        return first;
    }

    private static Map<String, String> parameters(String query) {
        Map<String, String> first = new HashMap<>();
        for (String piece : query.split("&", -1)) {
            String[] pair = piece.split("=", 2);
            first.putIfAbsent(decoded(pair[0]), pair.length == 2 ? decoded(pair[1]) : "");
        }
        return first;
    }

    private static String decoded(String text) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            String rest = text.substring(i);
            if (rest.matches("(?s)%[0-9a-fA-F]{2}.*")) {
                octets.write(Integer.parseInt(rest.substring(1, 3), 16));
                i += 2;
            } else {
                octets.write(rest.charAt(0) == '+' ? ' ' : rest.charAt(0));
            }
        }
        return octets.toString(StandardCharsets.UTF_8);
    }
}
