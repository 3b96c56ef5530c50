package dev.sluice.spring;

import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.filter.NettyWriteResponseFilter;
import org.springframework.core.Ordered;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// Writes the backend's body after the filters behind it have seen the head. In the place of
/// `NettyWriteResponseFilter`, with its order, so that filters that wrap the response find theirs.
public final class WriteFilter implements GlobalFilter, Ordered {

    @Override
    public int getOrder() {
        return NettyWriteResponseFilter.WRITE_RESPONSE_FILTER_ORDER;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        return chain.filter(exchange).then(Mono.defer(() -> write(exchange)));
    }

    private static Mono<Void> write(ServerWebExchange exchange) {
        BackendCall call = exchange.getAttribute(ForwardFilter.CALL);
        ServerHttpResponse response = exchange.getResponse();
        if (call == null || call.isTunnel()) {
            return call == null ? Mono.empty() : Mono.never();
        }
        if (response.isCommitted()) {
            // A fallback has answered: the backend's body is not wanted.
            return Mono.fromRunnable(call::discard);
        }
        MediaType type = response.getHeaders().getContentType();
        boolean events = type != null && type.isCompatibleWith(MediaType.TEXT_EVENT_STREAM);
        return events
                ? response.writeAndFlushWith(call.body().map(Flux::just))
                : response.writeWith(call.body());
    }
}
