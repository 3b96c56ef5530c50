package dev.sluice.spring;

import dev.sluice.http.Authority;
import dev.sluice.http.DroppedFields;
import dev.sluice.http.HopByHop;
import dev.sluice.http.RequestHead;
import dev.sluice.http.ResponseHead;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.Ordered;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// The last filter of every chain: hands the request back to the engine, which balances, retries,
/// times out and connects as it does for rules without Spring filters. In the place of
/// `NettyRoutingFilter`.
public final class ForwardFilter implements GlobalFilter, Ordered {

    /// The attribute that holds the [BackendCall] whose response is to be written.
    static final String CALL = ForwardFilter.class.getName() + ".call";

    /// The attribute that holds the [SpringExchange].
    static final String EXCHANGE = ForwardFilter.class.getName() + ".exchange";

    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        SpringExchange owner = exchange.getAttribute(EXCHANGE);
        if (owner == null || ServerWebExchangeUtils.isAlreadyRouted(exchange)) {
            return chain.filter(exchange);
        }
        ServerWebExchangeUtils.setAlreadyRouted(exchange);
        return Mono.<ResponseHead>create(
                        sink -> {
                            BackendCall call = new BackendCall(owner, sink);
                            sink.onCancel(() -> cancel(owner, call));
                            exchange.getAttributes().put(CALL, call);
                            owner.onLoop(() -> send(exchange, owner, call));
                        })
                .doOnNext(head -> receive(exchange, head))
                .then(chain.filter(exchange));
    }

    private static void cancel(SpringExchange owner, BackendCall call) {
        owner.onLoop(call::cancel);
    }

    private static void send(ServerWebExchange exchange, SpringExchange owner, BackendCall call) {
        if (owner.exchange().isEnded()) {
            return;
        }
        owner.call(call);
        ServerHttpRequest request = exchange.getRequest();
        RequestHead head = head(request, owner);
        call.start(head, body(request, owner, head));
    }

    private static RequestHead head(ServerHttpRequest request, SpringExchange owner) {
        RequestHead original = owner.original();
        io.netty.handler.codec.http.HttpHeaders fields =
                DefaultHttpHeadersFactory.headersFactory().newHeaders();
        for (Map.Entry<String, List<String>> field : request.getHeaders().headerSet()) {
            fields.add(field.getKey(), field.getValue());
        }
        // A filter may take the change of protocol away, and not make one up.
        String upgrade =
                fields.contains(HttpHeaderNames.UPGRADE)
                        ? original.headers().get(HttpHeaderNames.UPGRADE)
                        : null;
        HopByHop.strip(fields);
        List<String> hosts = fields.getAll(HttpHeaderNames.HOST);
        boolean hosted = hosts.size() == 1 && Authority.isValid(hosts.get(0));
        if (!hosted && !hosts.isEmpty()) {
            DroppedFields.SPRING_STAGE.dropped();
        }
        fields.remove(HttpHeaderNames.HOST);
        DroppedFields.SPRING_STAGE.checkLength(fields);
        if (owner.isContinued()) {
            fields.remove(HttpHeaderNames.EXPECT);
        }
        if (upgrade != null) {
            fields.set(HttpHeaderNames.UPGRADE, upgrade);
        }
        return new RequestHead(
                request.getMethod().name(),
                original.scheme(),
                hosted ? hosts.get(0) : original.authority(),
                TargetUri.target(original, owner.uri(), request.getURI()),
                fields);
    }

    /// A request that came without a body has one only if a filter announced it.
    private static @Nullable Flux<DataBuffer> body(
            ServerHttpRequest request, SpringExchange owner, RequestHead head) {
        if (!owner.endsWithHead()) {
            return request.getBody();
        }
        String length = head.headers().get(HttpHeaderNames.CONTENT_LENGTH);
        boolean announced =
                length != null && !length.equals("0")
                        || request.getHeaders().containsHeader(HttpHeaders.TRANSFER_ENCODING);
        return announced ? request.getBody() : null;
    }

    private static void receive(ServerWebExchange exchange, ResponseHead head) {
        var response = exchange.getResponse();
        response.setStatusCode(HttpStatusCode.valueOf(head.status()));
        head.headers()
                .iteratorCharSequence()
                .forEachRemaining(field ->
                        response.getHeaders()
                                .add(field.getKey().toString(), field.getValue().toString()));
        exchange.getAttributes()
                .put(
                        ServerWebExchangeUtils.ORIGINAL_RESPONSE_CONTENT_TYPE_ATTR,
                        head.headers().get(HttpHeaderNames.CONTENT_TYPE, ""));
        exchange.getAttributes()
                .put(
                        ServerWebExchangeUtils.CLIENT_RESPONSE_HEADER_NAMES,
                        Set.copyOf(head.headers().names()));
    }
}
