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

    /// What a field may ask for.
    private static final long MOST = 1_000_000_000;

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

    String key(Exchange exchange) {
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
            String value = exchange.header(wanted.name());
            if (value == null || !wanted.anyOf().isEmpty() && !wanted.anyOf().contains(value)) {
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
        if (cost.requestHeader() == null) {
            return cost.request();
        }
        long asked = number(exchange.request().headers(), cost.requestHeader());
        return asked < 0 ? cost.request() : Math.max(1, asked);
    }

    /// What a response takes on top, 0 for nothing.
    long cost(HttpHeaders response) {
        String field = limit.cost().responseHeader();
        return field == null ? 0 : Math.max(0, number(response, field));
    }

    /// The number in a field, bounded by [#MOST]; -1 when there is none.
    private static long number(HttpHeaders headers, String field) {
        String text = headers.get(field);
        if (text == null || text.isEmpty() || text.length() > 18) {
            return -1;
        }
        long number = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return Math.min(number, MOST);
    }
}
