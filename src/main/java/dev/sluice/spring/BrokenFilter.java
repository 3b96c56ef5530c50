package dev.sluice.spring;

import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.core.Ordered;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/// In the place of a filter that could not be made: a filter that is left out might be the one that
/// protects the backend (HTTPRouteFilter: an unresolved filter must not be skipped).
record BrokenFilter(String problem) implements GatewayFilter, Ordered {

    /// What the client reads.
    static final String ANSWER = "a filter of the rule is not usable";

    /// Before every other filter: without an order it would come behind the one that forwards.
    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        return Mono.error(new ResponseStatusException(HttpStatus.INTERNAL_SERVER_ERROR, ANSWER));
    }

    @Override
    public String toString() {
        return "broken: " + problem;
    }
}
