package dev.sluice.policy.ratelimit;

import dev.cel.runtime.CelEvaluationException;
import dev.sluice.cel.CelExpression;
import dev.sluice.engine.Exchange;
import dev.sluice.engine.Identity;
import dev.sluice.policy.ClientNetwork;
import dev.sluice.policy.ratelimit.Limit.KeyPart;
import java.util.List;

/// What requests are counted by.
final class LimitKeyResolver {

    /// Between the parts; no header field can hold it.
    private static final char SEPARATOR = '\0';

    private final PartResolver[] parts;

    LimitKeyResolver(List<KeyPart> key) {
        parts = key.stream().map(LimitKeyResolver::part).toArray(PartResolver[]::new);
    }

    private interface PartResolver {
        String of(Exchange exchange);
    }

    String of(Exchange exchange) {
        if (parts.length == 0) {
            return "";
        }
        if (parts.length == 1) {
            return parts[0].of(exchange);
        }
        StringBuilder key = new StringBuilder();
        for (PartResolver partResolver : parts) {
            key.append(partResolver.of(exchange)).append(SEPARATOR);
        }
        return key.toString();
    }

    private static PartResolver part(KeyPart part) {
        return switch (part) {
            case KeyPart.Header(String name) ->
                    exchange -> {
                        String value = exchange.header(name);
                        return value == null ? "" : value;
                    };
            case KeyPart.Claim(String name) ->
                    exchange -> {
                        Identity identity = exchange.identity();
                        Object value = identity == null ? null : identity.claim(name);
                        return value == null ? "" : value.toString();
                    };
            case KeyPart.ClientIp(int prefix) ->
                    exchange -> ClientNetwork.of(exchange.clientHost(), prefix);
            case KeyPart.Cel(String expression) -> cel(CelExpression.text(expression));
        };
    }

    private static PartResolver cel(CelExpression celExpression) {
        return exchange -> {
            try {
                return celExpression.textOf(exchange);
            } catch (CelEvaluationException e) {
                return "";
            }
        };
    }
}
