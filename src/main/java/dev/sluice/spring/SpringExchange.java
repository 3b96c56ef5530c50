package dev.sluice.spring;

import dev.sluice.barrier.Barrier;
import dev.sluice.engine.BackendRequest;
import dev.sluice.engine.Exchange;
import dev.sluice.engine.LocalReply;
import dev.sluice.http.Failure;
import dev.sluice.http.RequestEvents;
import dev.sluice.http.RequestHead;
import dev.sluice.http.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.URI;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.util.context.Context;

/// One request in the Spring stage: the client's body as a flux, and the end of the filter chain.
///
/// It is the subscriber of the chain. Its terminal signals may come on any thread; everything else
/// happens on the event loop.
final class SpringExchange implements RequestEvents, CoreSubscriber<Void>, BackendCall.Owner {

    private static final Logger LOG = LoggerFactory.getLogger(SpringExchange.class);

    private final Exchange exchange;
    private final RequestHead original;
    private final URI uri;
    private final boolean endsWithHead;
    private final BufferFlux body;
    private final SpringResponse response;
    private @Nullable Subscription chain;
    private @Nullable BackendRequest tunnel;
    private @Nullable BackendCall call;
    private @Nullable Runnable whenWritable;
    private @Nullable HttpHeaders requestTrailers;
    private boolean expectsContinue;
    private boolean continued;
    private boolean over;

    SpringExchange(Exchange exchange, boolean endsWithHead) {
        this.exchange = exchange;
        this.original = exchange.request();
        this.uri = TargetUri.of(original);
        this.endsWithHead = endsWithHead;
        this.body = new BufferFlux(loop(), exchange, this::read);
        this.response = SpringResponse.of(this);
        if (endsWithHead) {
            body.complete();
        } else {
            expectsContinue =
                    original.headers()
                            .contains(HttpHeaderNames.EXPECT, HttpHeaderValues.CONTINUE, true);
        }
    }

    /// A filter that wants the body before there is a backend, to keep it for a retry, would wait
    /// for a client that waits for the backend: then the expectation is ours to meet (RFC 9110
    /// 10.1.1).
    private void read(boolean wanted) {
        if (wanted && expectsContinue && call == null) {
            expectsContinue = false;
            continued = true;
            exchange.onInformational(
                    new ResponseHead(100, DefaultHttpHeadersFactory.headersFactory().newHeaders()));
            exchange.client().flush();
        }
        exchange.client().read(wanted);
    }

    @Override
    public @Nullable HttpHeaders requestTrailers() {
        return requestTrailers;
    }

    /// Whether the client was asked to send its body.
    boolean isContinued() {
        return continued;
    }

    @Override
    public Exchange exchange() {
        return exchange;
    }

    /// The head as it came into the stage.
    RequestHead original() {
        return original;
    }

    URI uri() {
        return uri;
    }

    boolean endsWithHead() {
        return endsWithHead;
    }

    BufferFlux body() {
        return body;
    }

    SpringResponse response() {
        return response;
    }

    @Override
    public void whenWritable(Runnable action) {
        whenWritable = action;
    }

    /// The request to the backend that is in flight; one before it, that a filter retried, is over.
    void call(BackendCall current) {
        if (call != null) {
            call.discard();
        }
        call = current;
    }

    @Override
    public void tunnel(BackendRequest to) {
        tunnel = to;
        body.discard();
    }

    @Override
    public void onLoop(Runnable action) {
        if (loop().inEventLoop()) {
            Barrier.run(exchange, action);
        } else {
            exchange.execute(action);
        }
    }

    private void close() {
        over = true;
        body.discard();
        BackendCall open = call;
        call = null;
        if (open != null) {
            open.discard();
        }
    }

    // The client's body.

    @Override
    public void onRequestData(ByteBuf data, boolean end) {
        if (tunnel != null) {
            tunnel.onRequestData(data, end);
            if (!tunnel.isWritable()) {
                exchange.client().read(false);
            }
        } else {
            body.data(data, end);
        }
    }

    @Override
    public void onRequestTrailers(HttpHeaders trailers) {
        requestTrailers = trailers;
        body.complete();
    }

    @Override
    public void onRequestReadComplete() {
        if (tunnel != null) {
            tunnel.onRequestReadComplete();
        } else if (call != null) {
            call.flush();
        }
    }

    @Override
    public void onClientWritable() {
        if (tunnel != null) {
            tunnel.read(true);
        }
        Runnable action = whenWritable;
        whenWritable = null;
        if (action != null) {
            action.run();
        }
    }

    @Override
    public void onClientAbort() {
        if (over) {
            return;
        }
        // First the chain, then the body: a filter that is cancelled must not see an error.
        if (chain != null) {
            chain.cancel();
        }
        BackendRequest open = tunnel;
        close();
        if (open != null) {
            open.onClientAbort();
        }
    }

    // The filter chain.

    /// Reactor rethrows errors of the JVM in place of signalling them, and an operator further out
    /// may drop them: then the chain never ends. They are taken up where they are dropped.
    @Override
    public Context currentContext() {
        return Context.of("reactor.onErrorDropped.local", (Consumer<Throwable>) this::dropped);
    }

    private void dropped(Throwable error) {
        if (Exceptions.isJvmFatal(error)) {
            exchange.execute(() -> Barrier.failed(exchange, error));
        } else {
            LOG.debug("an error after the end of {}", original, error);
        }
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        chain = subscription;
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(Void nothing) {
        // A Mono<Void> has no value.
    }

    @Override
    public void onComplete() {
        onLoop(() -> {
            if (!over && tunnel == null) {
                response.end(call == null ? null : call.trailers());
                close();
            }
        });
    }

    @Override
    public void onError(Throwable cause) {
        onLoop(() -> {
            if (!over) {
                fail(cause);
                close();
            }
        });
    }

    private void fail(Throwable cause) {
        switch (cause) {
            case BackendFailure known -> exchange.onResponseFailure(known.failure());
            default -> failOf(cause);
        }
    }

    /// An exception of a filter, which may tell the status to answer with.
    private void failOf(Throwable cause) {
        LocalReply localReply = exchange.isAnswered() ? null : FilterFailures.answer(cause);
        if (localReply != null) {
            exchange.answer(localReply);
        } else {
            LOG.warn("{}: a filter failed for {}", exchange.rule().origin(), original, cause);
            exchange.onResponseFailure(Failure.FILTER_FAILED);
        }
    }
}
