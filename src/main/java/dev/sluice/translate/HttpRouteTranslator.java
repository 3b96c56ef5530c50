package dev.sluice.translate;

import dev.sluice.ir.Backend;
import dev.sluice.ir.HttpFilter;
import dev.sluice.ir.HttpMatch;
import dev.sluice.ir.HttpRule;
import dev.sluice.ir.Origin;
import dev.sluice.ir.Timeouts;
import dev.sluice.resource.HttpRoute;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The rules of an HTTPRoute.
final class HttpRouteTranslator {

    private final Backends backends;
    private final FilterTranslator filters;

    HttpRouteTranslator(Backends backends, FilterTranslator filters) {
        this.backends = backends;
        this.filters = filters;
    }

    /// @param unaccepted told of what keeps a rule from serving as written
    /// @param unresolved told of references that do not resolve
    List<HttpRule> rules(
            HttpRoute route, Consumer<Rejection> unaccepted, Consumer<Rejection> unresolved) {
        List<HttpRule> rules = new ArrayList<>();
        for (int i = 0; i < route.spec().rules().size(); i++) {
            HttpRoute.Rule rule = route.spec().rules().get(i);
            String field = "rules[" + i + "].";
            List<HttpMatch> matches = Matches.of(rule, field, unaccepted);
            if (matches.isEmpty()) {
                continue;
            }
            Consumer<Rejection> filterProblems =
                    rejection -> {
                        if (rejection.reason().equals("UnsupportedValue")) {
                            unaccepted.accept(rejection);
                        } else {
                            unresolved.accept(rejection);
                        }
                    };
            List<HttpFilter> own = filters.filters(route, rule.filters(), field, filterProblems);
            List<Backend> to =
                    own == null
                            ? List.of(
                                    new Backend.Invalid(
                                            1, 500, "a filter of the rule is not usable"))
                            : backends(route, rule, field, filterProblems);
            rules.add(
                    new HttpRule(
                            origin(route, rule, i),
                            matches,
                            own == null ? List.of() : own,
                            to,
                            timeouts(rule.timeouts(), field, unaccepted),
                            null,
                            null));
        }
        return rules;
    }

    private static Origin origin(HttpRoute route, HttpRoute.Rule rule, int index) {
        return new Origin(
                "HTTPRoute",
                route.namespace(),
                route.name(),
                index,
                rule.name(),
                route.metadata().creationTimestamp());
    }

    private List<Backend> backends(
            HttpRoute route, HttpRoute.Rule rule, String field, Consumer<Rejection> problems) {
        List<Backend> result = new ArrayList<>();
        for (int i = 0; i < rule.backendRefs().size(); i++) {
            HttpRoute.BackendRef ref = rule.backendRefs().get(i);
            String at = field + "backendRefs[" + i + "]";
            List<HttpFilter> own = filters.filters(route, ref.filters(), at + ".", problems);
            int weight = ref.weight() == null ? 1 : ref.weight();
            result.add(
                    own == null
                            ? new Backend.Invalid(
                                    weight, 500, "a filter of the backend is not usable")
                            : backends.backend(route, ref, at + ": ", own, problems));
        }
        return result;
    }

    private static Timeouts timeouts(
            HttpRoute.@Nullable Timeouts timeouts, String field, Consumer<Rejection> problems) {
        if (timeouts == null) {
            return Timeouts.NONE;
        }
        return new Timeouts(
                duration(timeouts.request(), field + "timeouts.request", problems),
                duration(timeouts.backendRequest(), field + "timeouts.backendRequest", problems));
    }

    private static Duration duration(
            @Nullable String text, String field, Consumer<Rejection> problems) {
        if (text == null) {
            return Duration.ZERO;
        }
        Duration duration = Durations.parse(text);
        if (duration == null) {
            problems.accept(
                    new Rejection(
                            "UnsupportedValue", field + ": \"" + text + "\" is not a duration"));
            return Duration.ZERO;
        }
        return duration;
    }
}
