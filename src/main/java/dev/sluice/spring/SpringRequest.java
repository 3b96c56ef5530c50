package dev.sluice.spring;

import dev.sluice.engine.Exchange;
import dev.sluice.http.RequestHead;
import dev.sluice.net.Connection;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpCookie;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.AbstractServerHttpRequest;
import org.springframework.http.server.reactive.SslInfo;
import org.springframework.http.support.Netty4HeadersAdapter;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import reactor.core.publisher.Flux;

/// The engine's request as Spring sees it. The header fields are a view, not a copy.
final class SpringRequest extends AbstractServerHttpRequest {

    private final Exchange exchange;
    private final Flux<DataBuffer> body;

    SpringRequest(Exchange exchange, URI uri, Flux<DataBuffer> body) {
        super(
                HttpMethod.valueOf(exchange.request().method()),
                uri,
                "",
                headers(exchange.request()));
        this.exchange = exchange;
        this.body = body;
    }

    /// With Host, which the neutral head keeps apart.
    private static HttpHeaders headers(RequestHead head) {
        head.headers().set(HttpHeaderNames.HOST, head.authority());
        return new HttpHeaders(new Netty4HeadersAdapter(head.headers()));
    }

    @Override
    protected MultiValueMap<String, HttpCookie> initCookies() {
        MultiValueMap<String, HttpCookie> cookies = new LinkedMultiValueMap<>();
        for (String field : getHeaders().getOrEmpty(HttpHeaders.COOKIE)) {
            for (String pair : field.split(";", -1)) {
                int equals = pair.indexOf('=');
                if (equals > 0) {
                    String name = pair.substring(0, equals).trim();
                    cookies.add(name, new HttpCookie(name, pair.substring(equals + 1).trim()));
                }
            }
        }
        return cookies;
    }

    @Override
    protected @Nullable SslInfo initSslInfo() {
        return null;
    }

    @Override
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // Spring's signature
    public <T> T getNativeRequest() {
        return (T) exchange;
    }

    @Override
    public Flux<DataBuffer> getBody() {
        return body;
    }

    /// The client, as trusted proxies report it; the port is not known then.
    @Override
    public InetSocketAddress getRemoteAddress() {
        String client = exchange.clientHost();
        Connection connection = exchange.client().connection();
        byte[] address =
                client.equals(connection.remoteHost())
                        ? null
                        : NetUtil.createByteArrayFromIpAddressString(client);
        try {
            return address == null
                    ? connection.remote()
                    : new InetSocketAddress(InetAddress.getByAddress(address), 0);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public InetSocketAddress getLocalAddress() {
        return exchange.client().connection().local();
    }
}
