package dev.sluice.translate;

import dev.sluice.ir.HttpMatch;
import dev.sluice.ir.PathMatch;
import dev.sluice.ir.ValueMatch;
import dev.sluice.resource.HttpRoute;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// The matches of a rule.
final class Matches {

    private Matches() {}

    /// At least one match, unless all are malformed.
    static List<HttpMatch> of(HttpRoute.Rule rule, String field, Consumer<Rejection> rejections) {
        if (rule.matches().isEmpty()) {
            return List.of(HttpMatch.ALL);
        }
        List<HttpMatch> matches = new ArrayList<>();
        for (int i = 0; i < rule.matches().size(); i++) {
            HttpRoute.Match match = rule.matches().get(i);
            String at = field + "matches[" + i + "].";
            Problems problems = new Problems(rejections);
            PathMatch path = path(match.path(), at + "path", problems);
            List<ValueMatch> headers = values(match.headers(), at + "headers", problems);
            List<ValueMatch> query = values(match.queryParams(), at + "queryParams", problems);
            if (!problems.any) {
                matches.add(new HttpMatch(path, match.method(), headers, query));
            }
        }
        return matches;
    }

    private static final class Problems {
        private final Consumer<Rejection> rejections;
        private boolean any;

        Problems(Consumer<Rejection> rejections) {
            this.rejections = rejections;
        }

        void add(String message) {
            any = true;
            rejections.accept(new Rejection("UnsupportedValue", message));
        }
    }

    private static PathMatch path(HttpRoute.PathMatch path, String field, Problems problems) {
        if (!path.value().startsWith("/") && !path.type().equals("RegularExpression")) {
            problems.add(field + ".value: \"" + path.value() + "\" does not start with /");
        }
        return switch (path.type()) {
            case "Exact" -> new PathMatch.Exact(path.value());
            case "PathPrefix" -> new PathMatch.Prefix(path.value());
            case "RegularExpression" -> {
                expression(path.value(), field + ".value", problems);
                yield new PathMatch.Regex(path.value());
            }
            default -> {
                problems.add(field + ".type: \"" + path.type() + "\" is unknown");
                yield PathMatch.ROOT;
            }
        };
    }

    private static List<ValueMatch> values(
            List<HttpRoute.ValueMatch> values, String field, Problems problems) {
        List<ValueMatch> result = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            HttpRoute.ValueMatch value = values.get(i);
            boolean regex = value.type().equals("RegularExpression");
            if (regex) {
                expression(value.value(), field + "[" + i + "].value", problems);
            } else if (!value.type().equals("Exact")) {
                problems.add(field + "[" + i + "].type: \"" + value.type() + "\" is unknown");
            }
            result.add(new ValueMatch(value.name(), value.value(), regex));
        }
        return result;
    }

    private static void expression(String text, String field, Problems problems) {
        try {
            Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            problems.add(field + ": \"" + text + "\": " + e.getDescription());
        }
    }
}
