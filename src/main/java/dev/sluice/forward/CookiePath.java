package dev.sluice.forward;

import dev.sluice.ir.PathMatch;

/// The `Path` of the cookie of a rule: where the rule's requests are, as far as a prefix can say it
/// (GEP-1619, "Cookie Attributes"). Two rules with one cookie name hold two cookies so.
final class CookiePath {

    private CookiePath() {}

    static String of(PathMatch match) {
        return switch (match) {
            case PathMatch.Exact(String path) -> literal(path, path.length());
            case PathMatch.Prefix(String path) ->
                    literal(path, path.endsWith("/") ? path.length() - 1 : path.length());
            case PathMatch.Regex(String expression) -> ofExpression(expression);
        };
    }

    /// The elements in front of the first that is not literal; all paths where there are
    /// alternatives.
    private static String ofExpression(String expression) {
        int end = 0;
        while (end < expression.length() && "\\[](){}.*+?^$|".indexOf(expression.charAt(end)) < 0) {
            end++;
        }
        if (end == expression.length()) {
            return literal(expression, end);
        }
        boolean optional = "?*{".indexOf(expression.charAt(end)) >= 0; // and so is what it follows
        return expression.indexOf('|') >= 0 ? "/" : parent(expression, optional ? end - 1 : end);
    }

    /// Up to what cannot stand in an attribute (RFC 6265 4.1.1), or would be sent encoded.
    private static String literal(String path, int end) {
        for (int i = 0; i < end; i++) {
            char c = path.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == ';' || c == '%') {
                return parent(path, i);
            }
        }
        return end == 0 ? "/" : path.substring(0, end);
    }

    private static String parent(String path, int end) {
        int slash = path.lastIndexOf('/', end - 1);
        return slash <= 0 ? "/" : literal(path, slash);
    }
}
