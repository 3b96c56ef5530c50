package dev.sluice.route;

import dev.sluice.ir.Origin;
import dev.sluice.ir.PathMatch;
import java.util.List;

/// What decides between candidates of one hostname that take the same request, in this order
/// (HTTPRouteRule.matches of the Gateway API).
///
/// The specification leaves the rank of regular expressions open. They rank before every prefix:
/// otherwise the catch-all prefix `/`, that most hostnames have, would hide them all. Among them
/// the longer text wins, as a stand-in for the more specific one.
enum Precedence {
    PATH_TYPE("exact paths come before expressions, expressions before prefixes"),
    PATH_LENGTH("a longer path comes first"),
    METHOD("a condition on the method comes before none"),
    HEADERS("more header conditions come first"),
    QUERY("more query conditions come first"),
    AGE("the older route comes first"),
    NAME("the first by namespace, name and rule index comes first"),
    MATCH("the first match of a rule comes first");

    private static final List<Precedence> CRITERIA = List.of(values());

    private final String reason;

    Precedence(String reason) {
        this.reason = reason;
    }

    /// The sentence that says to a loser why it lost.
    String reason() {
        return reason;
    }

    /// All criteria in turn.
    static int order(Candidate<?> a, Candidate<?> b) {
        return between(a, b).compare(a, b);
    }

    /// The criterion by which one candidate ranks before another; the last one between equals.
    static Precedence between(Candidate<?> a, Candidate<?> b) {
        for (int i = 0; i < CRITERIA.size(); i++) {
            Precedence criterion = CRITERIA.get(i);
            if (criterion.compare(a, b) != 0) {
                return criterion;
            }
        }
        return MATCH;
    }

    private int compare(Candidate<?> a, Candidate<?> b) {
        Origin first = a.routeEntry().rule().origin();
        Origin second = b.routeEntry().rule().origin();
        return switch (this) {
            case PATH_TYPE -> Integer.compare(pathType(a), pathType(b));
            case PATH_LENGTH -> Integer.compare(b.path().length(), a.path().length());
            case METHOD -> Boolean.compare(a.match().method() == null, b.match().method() == null);
            case HEADERS -> Integer.compare(b.headers().size(), a.headers().size());
            case QUERY -> Integer.compare(b.query().size(), a.query().size());
            case AGE -> first.created().compareTo(second.created());
            case NAME -> first.compareTo(second);
            case MATCH -> Integer.compare(a.index(), b.index());
        };
    }

    private static int pathType(Candidate<?> candidate) {
        return switch (candidate.match().path()) {
            case PathMatch.Exact _ -> 0;
            case PathMatch.Regex _ -> 1;
            case PathMatch.Prefix _ -> 2;
        };
    }
}
