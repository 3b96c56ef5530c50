package dev.sluice.route;

import dev.sluice.ir.HostPattern;
import dev.sluice.ir.PathMatch;
import dev.sluice.route.Explanation.ConditionKind;
import dev.sluice.route.Explanation.Fails;
import org.jspecify.annotations.Nullable;

/// The first condition of a candidate that a request does not meet, in words.
final class FirstMismatch {

    private final RequestView request;

    FirstMismatch(RequestView request) {
        this.request = request;
    }

    /// Null if all conditions are met.
    @Nullable Fails of(HostPattern hostname, Candidate<?> candidate) {
        if (!hostname.matches(request.host())) {
            return new Fails(
                    ConditionKind.HOSTNAME,
                    "hostname " + hostname + " does not take host '" + request.host() + "'");
        }
        if (!candidate.takesPath(request.path())) {
            return new Fails(ConditionKind.PATH, path(candidate.match().path()));
        }
        String method = candidate.match().method();
        if (method != null && !method.equals(request.method())) {
            return new Fails(
                    ConditionKind.METHOD,
                    "method: expected " + method + ", was " + request.method());
        }
        Fails header = header(candidate);
        return header != null ? header : query(candidate);
    }

    private String path(PathMatch path) {
        String expected =
                switch (path) {
                    case PathMatch.Exact _ -> "exactly";
                    case PathMatch.Prefix _ -> "one at or below";
                    case PathMatch.Regex _ -> "a match of";
                };
        return "path: expected %s '%s', was '%s'".formatted(expected, path.value(), request.path());
    }

    private @Nullable Fails header(Candidate<?> candidate) {
        for (HeaderCondition condition : candidate.headers()) {
            String actual = request.header(condition.name());
            if (!condition.takes(actual)) {
                String expected =
                        expected(condition.value(), condition.boundedRegex() != null, actual);
                return new Fails(
                        ConditionKind.HEADER, "header " + condition.name() + ": " + expected);
            }
        }
        return null;
    }

    private @Nullable Fails query(Candidate<?> candidate) {
        for (QueryCondition condition : candidate.query()) {
            if (!condition.takes(request.query())) {
                String expected =
                        expected(
                                condition.match().value(),
                                condition.match().regex(),
                                condition.valueIn(request.query()));
                return new Fails(
                        ConditionKind.QUERY,
                        "query parameter " + condition.match().name() + ": " + expected);
            }
        }
        return null;
    }

    private static String expected(String value, boolean regex, @Nullable String actual) {
        String was = actual == null ? "there is none" : "was '" + actual + "'";
        return "expected " + (regex ? "a match of '" : "'") + value + "', " + was;
    }
}
