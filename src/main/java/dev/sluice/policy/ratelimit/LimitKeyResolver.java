package dev.sluice.policy.ratelimit;

import dev.cel.runtime.CelEvaluationException;
import dev.sluice.cel.CelExpression;
import dev.sluice.engine.Exchange;
import dev.sluice.engine.Identity;
import dev.sluice.policy.ClientNetwork;
import dev.sluice.policy.ratelimit.Limit.KeyPart;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What requests are counted by. A request with several fields of a name counts by the value of
/// each: by which one its backend goes is not known.
final class LimitKeyResolver {

    /// Keys that a request may count by in a limit. One that has more cannot be counted: it would
    /// cost a bucket for each.
    static final int MOST_KEYS = 8;

    /// Behind each part where there are several; no header field can hold it.
    private static final char SEPARATOR = '\0';

    private static final List<String> NONE = List.of("");

    private final PartResolver[] parts;

    LimitKeyResolver(List<KeyPart> key) {
        parts = key.stream().map(LimitKeyResolver::part).toArray(PartResolver[]::new);
    }

    private interface PartResolver {

        /// The values of a part, at least one; null when they cannot be found.
        @Nullable List<String> of(Exchange exchange);
    }

    /// The keys, no two the same; null when a request cannot be counted: it has more than
    /// [#MOST_KEYS], or an expression reads a field as one that came several times.
    @Nullable List<String> of(Exchange exchange) {
        if (parts.length == 1) {
            List<String> keys = parts[0].of(exchange);
            return keys == null || keys.size() > MOST_KEYS ? null : keys;
        }
        List<String> keys = NONE;
        for (PartResolver part : parts) {
            List<String> values = part.of(exchange);
            if (values == null || keys.size() * values.size() > MOST_KEYS) {
                return null;
            }
            keys = joined(keys, values);
        }
        return keys;
    }

    private static List<String> joined(List<String> keys, List<String> values) {
        List<String> joined = new ArrayList<>(keys.size() * values.size());
        for (String key : keys) {
            for (String value : values) {
                joined.add(key + value + SEPARATOR);
            }
        }
        return joined;
    }

    private static PartResolver part(KeyPart part) {
        return switch (part) {
            case KeyPart.Header(String name) -> exchange -> values(exchange, name);
            case KeyPart.Claim(String name) ->
                    exchange -> {
                        Identity identity = exchange.identity();
                        Object value = identity == null ? null : identity.claim(name);
                        return value == null ? NONE : List.of(value.toString());
                    };
            case KeyPart.ClientIp(int prefix) ->
                    exchange -> List.of(ClientNetwork.of(exchange.clientHost(), prefix));
            case KeyPart.Cel(String expression) -> cel(CelExpression.text(expression));
        };
    }

    private static List<String> values(Exchange exchange, String name) {
        List<String> values = exchange.request().headers().getAll(name);
        return switch (values.size()) {
            case 0 -> NONE;
            case 1 -> values;
            default -> values.stream().distinct().limit(MOST_KEYS + 1).toList();
        };
    }

    private static PartResolver cel(CelExpression celExpression) {
        return exchange -> {
            try {
                return List.of(celExpression.textOf(exchange));
            } catch (CelEvaluationException e) {
                return celExpression.isAmbiguous(exchange) ? null : NONE;
            }
        };
    }
}
