package dev.sluice.spring;

import dev.sluice.engine.Exchange;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/// Writes a body to the client, as quickly as the client takes it.
final class BodyMono extends Mono<Void> {

    /// Where the body goes, on the event loop.
    interface Sink {

        /// Sends the head once.
        void sendHead(boolean end);

        /// Sends a part of the body.
        void sendData(ByteBuf data);
    }

    private final ExchangeLoop owner;
    private final Sink response;
    private final Exchange exchange;
    private final Publisher<? extends DataBuffer> body;
    private final boolean flushEach;

    /// @param flushEach whether each part goes out at once, for streams of events
    BodyMono(
            ExchangeLoop owner,
            Sink response,
            Publisher<? extends DataBuffer> body,
            boolean flushEach) {
        this.owner = owner;
        this.response = response;
        this.exchange = owner.exchange();
        this.body = body;
        this.flushEach = flushEach;
    }

    @Override
    public void subscribe(CoreSubscriber<? super Void> actual) {
        body.subscribe(new WriteSubscriber(actual));
    }

    private final class WriteSubscriber implements CoreSubscriber<DataBuffer>, Subscription {
        private final CoreSubscriber<? super Void> actual;
        private @Nullable Subscription source;

        WriteSubscriber(CoreSubscriber<? super Void> actual) {
            this.actual = actual;
        }

        @Override
        public Context currentContext() {
            return actual.currentContext();
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            source = subscription;
            actual.onSubscribe(this);
            subscription.request(1);
        }

        @Override
        public void onNext(DataBuffer buffer) {
            owner.onLoop(() -> write(buffer));
        }

        private void write(DataBuffer buffer) {
            if (exchange.isEnded()) {
                DataBufferUtils.release(buffer);
                cancel();
                return;
            }
            try {
                response.sendHead(false);
            } catch (Throwable error) {
                DataBufferUtils.release(buffer);
                throw error;
            }
            response.sendData(NettyDataBufferFactory.toByteBuf(buffer));
            if (flushEach) {
                exchange.client().flush();
            }
            next();
        }

        private void next() {
            Subscription from = source;
            if (from == null) {
                return;
            }
            if (exchange.client().isWritable()) {
                from.request(1);
            } else {
                exchange.client().flush();
                owner.whenWritable(() -> from.request(1));
            }
        }

        @Override
        public void onError(Throwable cause) {
            owner.onLoop(() -> actual.onError(cause));
        }

        @Override
        public void onComplete() {
            owner.onLoop(() -> {
                exchange.client().flush();
                actual.onComplete();
            });
        }

        @Override
        public void request(long n) {
            Operators.validate(n); // the only signal is the end
        }

        @Override
        public void cancel() {
            if (source != null) {
                source.cancel();
            }
        }
    }
}
