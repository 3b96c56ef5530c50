package dev.sluice.spring;

import java.net.InetSocketAddress;
import org.springframework.cloud.gateway.filter.ratelimit.KeyResolver;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/// What `RequestRateLimiter` counts by, by default: the client's address. Spring's own default is
/// the principal, and refuses requests without one.
public final class ClientAddressKey implements KeyResolver {

    @Override
    public Mono<String> resolve(ServerWebExchange exchange) {
        InetSocketAddress client = exchange.getRequest().getRemoteAddress();
        return client == null ? Mono.empty() : Mono.just(client.getAddress().getHostAddress());
    }
}
