package dev.sluice.translate.route;

import dev.sluice.ir.Backend;
import dev.sluice.ir.FramingFields;
import dev.sluice.ir.HttpFilter;
import dev.sluice.ir.HttpMatch;
import dev.sluice.ir.HttpRule;
import dev.sluice.ir.Origin;
import dev.sluice.ir.Retry;
import dev.sluice.ir.SessionPersistence;
import dev.sluice.ir.SessionPersistence.Carrier;
import dev.sluice.ir.Timeouts;
import dev.sluice.resource.Durations;
import dev.sluice.resource.Route;
import dev.sluice.translate.backend.BackendResolver;
import dev.sluice.translate.backend.BackendUse;
import dev.sluice.translate.status.Rejection;
import dev.sluice.translate.status.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The rules of HTTPRoutes and GRPCRoutes.
final class RouteTranslator {

    private static final int INTERNAL_SERVER_ERROR = 500;
    private static final String SESSION = "sluice-session";

    private final BackendResolver backendResolver;
    private final FilterTranslator filters;

    RouteTranslator(BackendResolver backendResolver, FilterTranslator filters) {
        this.backendResolver = backendResolver;
        this.filters = filters;
    }

    List<HttpRule> rules(BackendUse use, Problems problems) {
        Route route = use.route();
        List<HttpRule> rules = new ArrayList<>();
        for (int i = 0; i < route.rules().size(); i++) {
            Route.Rule rule = route.rules().get(i);
            String field = "rules[" + i + "].";
            List<HttpMatch> matches = MatchTranslator.of(rule, field, problems);
            if (matches.isEmpty()) {
                continue;
            }
            Served served = served(use, i, rule.filters(), rule.backendRefs(), problems);
            Origin origin = RuleOrigins.origin(route, rule.name(), i);
            rules.add(
                    new HttpRule(
                            origin,
                            matches,
                            served.filters(),
                            served.backends(),
                            timeouts(rule.timeouts(), field, problems),
                            retry(rule.retry(), field, problems),
                            session(rule.sessionPersistence(), origin, matches, field, problems)));
        }
        return rules;
    }

    /// What a rule does with its requests.
    private record Served(List<HttpFilter> filters, List<Backend> backends) {}

    private Served served(
            BackendUse use,
            int index,
            List<Route.Filter> written,
            List<Route.BackendRef> refs,
            Problems problems) {
        Rejection unsupported = unsupported(use.route(), index);
        if (unsupported != null) {
            problems.add(unsupported);
            return broken(unsupported.message());
        }
        String field = "rules[" + index + "].";
        List<HttpFilter> own = filters.filters(use, written, field, problems);
        if (own == null) {
            return broken("a filter of the rule is not usable");
        }
        List<Backend> to = new ArrayList<>();
        for (int i = 0; i < refs.size(); i++) {
            to.add(backend(use, refs.get(i), field + "backendRefs[" + i + "]", problems));
        }
        return new Served(own, to);
    }

    private static Served broken(String message) {
        Backend backend = new Backend.Invalid(1, INTERNAL_SERVER_ERROR, message);
        return new Served(List.of(), List.of(backend));
    }

    /// Why a rule must not serve without a field that is not supported; null where there is none.
    private static @Nullable Rejection unsupported(Route route, int index) {
        Rejection refused = Rejection.refused(route.metadata());
        if (refused != null) {
            return refused;
        }
        Rejection own = Rejection.unsupported(route.metadata(), "spec.rules[" + index + "]");
        return own != null ? own : Rejection.unsupportedBeside(route.metadata(), "spec.rules[");
    }

    /// A backend that does not resolve keeps its weight and answers 500.
    private Backend backend(BackendUse use, Route.BackendRef ref, String field, Problems problems) {
        int weight = ref.weight() == null ? 1 : ref.weight();
        List<HttpFilter> own =
                isOfRulesOnly(ref.filters(), field, problems)
                        ? null
                        : filters.filters(use, ref.filters(), field + ".", problems);
        Result<String> result = backendResolver.resolve(use, ref, field);
        if (result.rejection() != null && result.rejection().isReference()) {
            problems.add(result.rejection());
        }
        if (result.value() == null) {
            String message =
                    result.rejection() == null
                            ? "the backend does not resolve"
                            : result.rejection().message();
            return new Backend.Invalid(weight, INTERNAL_SERVER_ERROR, message);
        }
        return own == null
                ? new Backend.Invalid(
                        weight, INTERNAL_SERVER_ERROR, "a filter of the backend is not usable")
                : new Backend.Forward(weight, result.value(), own);
    }

    /// Filters that come before the choice of a backend, or beside it, cannot belong to one.
    /// Without them it must not serve.
    private static boolean isOfRulesOnly(
            List<Route.Filter> filters, String field, Problems problems) {
        for (int i = 0; i < filters.size(); i++) {
            String type = filters.get(i).type();
            if (type.equals("RequestMirror")
                    || type.equals("ExternalAuth")
                    || type.equals("ExtensionRef")
                    || type.equals("CORS")) {
                problems.unsupported(
                        field
                                + ".filters["
                                + i
                                + "].type: \""
                                + type
                                + "\" is supported for rules, not for a backend");
                return true;
            }
        }
        return false;
    }

    private static Timeouts timeouts(
            Route.@Nullable Timeouts timeouts, String field, Problems problems) {
        if (timeouts == null) {
            return Timeouts.NONE;
        }
        return new Timeouts(
                duration(timeouts.request(), field + "timeouts.request", problems),
                duration(timeouts.backendRequest(), field + "timeouts.backendRequest", problems));
    }

    private static @Nullable Retry retry(
            Route.@Nullable Retry retry, String field, Problems problems) {
        if (retry == null) {
            return null;
        }
        int attempts = retry.attempts() == null ? 1 : retry.attempts();
        Duration backoff = duration(retry.backoff(), field + "retry.backoff", problems);
        return attempts <= 0 ? null : new Retry(new HashSet<>(retry.codes()), attempts, backoff);
    }

    private static @Nullable SessionPersistence session(
            Route.@Nullable SessionPersistence session,
            Origin origin,
            List<HttpMatch> matches,
            String field,
            Problems problems) {
        if (session == null) {
            return null;
        }
        String at = field + "sessionPersistence.";
        Carrier carrier = session.type().equals("Header") ? Carrier.HEADER : Carrier.COOKIE;
        // GEP-1619: a cookie without a name gets one that no other rule has.
        String unnamed =
                carrier == Carrier.COOKIE
                        ? SESSION + "-" + HttpRule.identity(origin, matches)
                        : SESSION;
        String name = session.name();
        String problem =
                name == null || carrier == Carrier.COOKIE ? null : FramingFields.problem(name);
        if (problem != null) {
            String named = session.sessionName() == null ? "header.name: " : "sessionName: ";
            problems.unsupported(at + named + problem);
        }
        return new SessionPersistence(
                carrier,
                name == null || problem != null ? unnamed : name,
                duration(session.absoluteTimeout(), at + "absoluteTimeout", problems),
                duration(session.idleTimeout(), at + "idleTimeout", problems),
                session.isPermanent());
    }

    private static Duration duration(@Nullable String text, String field, Problems problems) {
        if (text == null) {
            return Duration.ZERO;
        }
        Duration duration = Durations.parse(text);
        if (duration == null) {
            problems.unsupported(field + ": \"" + text + "\" is not a duration");
            return Duration.ZERO;
        }
        return duration;
    }
}
