package dev.sluice.spring;

import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/// In the place of a filter that could not be made: a filter that is left out might be the one that
/// protects the backend (HTTPRouteFilter: an unresolved filter must not be skipped).
record BrokenFilter(String problem) implements GatewayFilter {

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        return Mono.error(
                new ResponseStatusException(
                        HttpStatus.INTERNAL_SERVER_ERROR, "a filter of the rule is not usable"));
    }

    @Override
    public String toString() {
        return "broken: " + problem;
    }
}
