package dev.sluice.spring;

import dev.sluice.engine.Exchange;
import dev.sluice.http.DroppedFields;
import dev.sluice.http.HopByHop;
import dev.sluice.http.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseCookie;
import org.springframework.http.server.reactive.AbstractServerHttpResponse;
import org.springframework.http.support.Netty4HeadersAdapter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// The client's side of an exchange as Spring sees it. Spring commits a response by applying
/// status, headers and cookies; the head goes out with the first part of the body, or with the end
/// when there is none.
final class SpringResponse extends AbstractServerHttpResponse implements BodyMono.Sink {

    private final ExchangeLoop owner;
    private final Exchange exchange;
    private final io.netty.handler.codec.http.HttpHeaders fields;
    private int status = 200;
    private boolean headSent;

    private SpringResponse(ExchangeLoop owner, io.netty.handler.codec.http.HttpHeaders fields) {
        super(BufferFlux.BUFFERS, new HttpHeaders(new Netty4HeadersAdapter(fields)));
        this.owner = owner;
        this.exchange = owner.exchange();
        this.fields = fields;
    }

    static SpringResponse of(ExchangeLoop owner) {
        return new SpringResponse(owner, DefaultHttpHeadersFactory.headersFactory().newHeaders());
    }

    @Override
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // Spring's signature
    public <T> T getNativeResponse() {
        return (T) exchange;
    }

    @Override
    protected void applyStatusCode() {
        HttpStatusCode code = getStatusCode();
        if (code != null) {
            status = code.value();
        }
    }

    @Override
    protected void applyHeaders() {
        // The fields are ours already: the headers are a view of them.
    }

    @Override
    protected void applyCookies() {
        getCookies()
                .values()
                .forEach(cookies ->
                        cookies.forEach((ResponseCookie cookie) ->
                                fields.add(HttpHeaderNames.SET_COOKIE, cookie.toString())));
    }

    @Override
    protected Mono<Void> writeWithInternal(Publisher<? extends DataBuffer> body) {
        return new BodyMono(owner, this, body, false);
    }

    @Override
    protected Mono<Void> writeAndFlushWithInternal(
            Publisher<? extends Publisher<? extends DataBuffer>> body) {
        return new BodyMono(owner, this, Flux.from(body).concatMap(part -> part, 1), true);
    }

    @Override
    public void sendHead(boolean end) {
        if (!headSent) {
            headSent = true;
            // Hop-by-hop fields are not a filter's to set.
            HopByHop.strip(fields);
            DroppedFields.SPRING_STAGE.checkLength(fields);
            exchange.onResponseHead(new ResponseHead(status, fields), end);
        }
    }

    @Override
    public void sendData(ByteBuf data) {
        exchange.onResponseData(data, false);
    }

    /// Ends the response, after everything was written; on the event loop.
    void end(io.netty.handler.codec.http.@Nullable HttpHeaders trailers) {
        if (exchange.isEnded()) {
            return;
        }
        if (!headSent) {
            sendHead(true);
        } else if (trailers != null && !trailers.isEmpty()) {
            exchange.onResponseTrailers(trailers);
        } else {
            exchange.onResponseData(Unpooled.EMPTY_BUFFER, true);
        }
    }

    boolean isHeadSent() {
        return headSent;
    }
}
