package dev.sluice.policy.ratelimit;

import dev.cel.runtime.CelEvaluationException;
import dev.sluice.cel.CelExpression;
import dev.sluice.engine.Exchange;
import dev.sluice.path.PathPrefixes;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A limit of a rule with its buckets.
final class BoundLimit {

    private final Limit limit;
    private final LimitKeyResolver limitKeyResolver;
    private final @Nullable CelExpression condition;
    private final @Nullable PathPrefixes paths;
    private final Limiter limiter;

    BoundLimit(Limit limit, Limiter limiter) {
        this.limit = limit;
        this.limiter = limiter;
        this.limitKeyResolver = new LimitKeyResolver(limit.key());
        List<String> prefixes = limit.when().paths();
        this.paths = prefixes.isEmpty() ? null : new PathPrefixes(prefixes);
        String cel = limit.when().cel();
        this.condition = cel == null ? null : CelExpression.condition(cel);
    }

    Limit limit() {
        return limit;
    }

    Limiter limiter() {
        return limiter;
    }

    /// The keys that a request counts by, null when it cannot be counted.
    @Nullable List<String> keys(Exchange exchange) {
        return limitKeyResolver.of(exchange);
    }

    /// Whether a request is counted.
    boolean takes(Exchange exchange) {
        Limit.When when = limit.when();
        return (when.methods().isEmpty() || when.methods().contains(exchange.method()))
                && (paths == null || paths.takeInAnyReading(exchange.foldedPath()))
                && hasFields(when, exchange)
                && (condition == null || holds(condition, exchange));
    }

    private static boolean hasFields(Limit.When when, Exchange exchange) {
        for (Limit.When.Header wanted : when.headers()) {
            if (!LimitFields.has(exchange.request().headers(), wanted.name(), wanted.anyOf())) {
                return false;
            }
        }
        return true;
    }

    private static boolean holds(CelExpression condition, Exchange exchange) {
        try {
            return condition.holds(exchange);
        } catch (CelEvaluationException e) {
            return true;
        }
    }

    /// What a request takes before it is sent on.
    long cost(Exchange exchange) {
        Limit.Cost cost = limit.cost();
        String field = cost.requestHeader();
        return field == null
                ? cost.request()
                : Math.max(
                        1,
                        LimitFields.greatest(exchange.request().headers(), field, cost.request()));
    }

    /// What a response takes on top, 0 for nothing.
    long cost(HttpHeaders response) {
        String field = limit.cost().responseHeader();
        return field == null ? 0 : LimitFields.greatest(response, field, 0);
    }
}
