package dev.sluice.translate.route;

import dev.sluice.ir.HttpMatch;
import dev.sluice.ir.PathMatch;
import dev.sluice.ir.ValueMatch;
import dev.sluice.resource.GrpcRoute;
import dev.sluice.resource.HttpRoute;
import dev.sluice.resource.L4Route;
import dev.sluice.resource.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/// The matches of a rule. Those that are malformed are left out, and reported.
public final class MatchTranslator {

    private final Problems problems;
    private boolean malformed;

    private MatchTranslator(Problems problems) {
        this.problems = problems;
    }

    /// At least one match, unless all are malformed.
    public static List<HttpMatch> of(Route.Rule rule, String field, Problems problems) {
        return switch (rule) {
            case HttpRoute.Rule http -> of(http, field, problems);
            case GrpcRoute.Rule grpc -> of(grpc, field, problems);
            case L4Route.Rule _ -> throw new IllegalArgumentException("no rule of requests");
        };
    }

    private static List<HttpMatch> of(HttpRoute.Rule rule, String field, Problems problems) {
        List<HttpMatch> matches = new ArrayList<>();
        for (int i = 0; i < rule.matches().size(); i++) {
            HttpRoute.Match match = rule.matches().get(i);
            String at = field + "matches[" + i + "].";
            MatchTranslator one = new MatchTranslator(problems);
            HttpMatch made =
                    new HttpMatch(
                            one.path(match.path(), at + "path"),
                            match.method(),
                            one.values(match.headers(), at + "headers"),
                            one.values(match.queryParams(), at + "queryParams"));
            if (!one.malformed) {
                matches.add(made);
            }
        }
        return rule.matches().isEmpty() ? List.of(HttpMatch.ALL) : matches;
    }

    /// The same of a GRPCRoute: a method is the path `/service/method` (GEP-1016).
    private static List<HttpMatch> of(GrpcRoute.Rule rule, String field, Problems problems) {
        List<HttpMatch> matches = new ArrayList<>();
        for (int i = 0; i < rule.matches().size(); i++) {
            GrpcRoute.Match match = rule.matches().get(i);
            String at = field + "matches[" + i + "].";
            MatchTranslator one = new MatchTranslator(problems);
            HttpMatch made =
                    new HttpMatch(
                            one.method(match.method(), at + "method"),
                            null,
                            one.values(match.headers(), at + "headers"),
                            List.of());
            if (!one.malformed) {
                matches.add(made);
            }
        }
        return rule.matches().isEmpty() ? List.of(HttpMatch.ALL) : matches;
    }

    private void malformed(String message) {
        malformed = true;
        problems.unsupported(message);
    }

    private PathMatch path(HttpRoute.PathMatch path, String field) {
        if (!path.value().startsWith("/") && !path.type().equals("RegularExpression")) {
            malformed(field + ".value: \"" + path.value() + "\" does not start with /");
        }
        return switch (path.type()) {
            case "Exact" -> new PathMatch.Exact(path.value());
            case "PathPrefix" -> new PathMatch.Prefix(path.value());
            case "RegularExpression" -> {
                expression(path.value(), field + ".value");
                yield new PathMatch.Regex(path.value());
            }
            default -> {
                malformed(field + ".type: \"" + path.type() + "\" is unknown");
                yield PathMatch.ROOT;
            }
        };
    }

    private PathMatch method(GrpcRoute.@Nullable MethodMatch match, String field) {
        if (match == null || match.service() == null && match.method() == null) {
            return PathMatch.ROOT;
        }
        String service = match.service();
        String method = match.method();
        return switch (match.type()) {
            case "Exact" -> {
                if (service == null) {
                    yield new PathMatch.Regex("/[^/]+/" + Pattern.quote(String.valueOf(method)));
                }
                yield method == null
                        ? new PathMatch.Prefix("/" + service)
                        : new PathMatch.Exact("/" + service + "/" + method);
            }
            case "RegularExpression" -> {
                String any = "[^/]+";
                String path =
                        "/"
                                + (service == null ? any : "(?:" + service + ")")
                                + "/"
                                + (method == null ? any : "(?:" + method + ")");
                expression(path, field);
                yield new PathMatch.Regex(path);
            }
            default -> {
                malformed(field + ".type: \"" + match.type() + "\" is unknown");
                yield PathMatch.ROOT;
            }
        };
    }

    private List<ValueMatch> values(List<Route.ValueMatch> values, String field) {
        List<ValueMatch> result = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            Route.ValueMatch value = values.get(i);
            boolean regex = value.type().equals("RegularExpression");
            if (regex) {
                expression(value.value(), field + "[" + i + "].value");
            } else if (!value.type().equals("Exact")) {
                malformed(field + "[" + i + "].type: \"" + value.type() + "\" is unknown");
            }
            result.add(new ValueMatch(value.name(), value.value(), regex));
        }
        return result;
    }

    private void expression(String text, String field) {
        try {
            Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            malformed(field + ": \"" + text + "\": " + e.getDescription());
        } catch (StackOverflowError e) {
            malformed(field + ": the expression is nested too deeply");
        }
    }
}
