package dev.sluice.spring;

import dev.sluice.engine.BackendRequest;
import dev.sluice.http.Failure;
import dev.sluice.http.RequestHead;
import dev.sluice.http.ResponseEvents;
import dev.sluice.http.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.MonoSink;

/// One request to a backend out of the Spring stage, and its response. Confined to the event loop.
final class BackendCall implements ResponseEvents {

    /// The exchange that it is made for.
    interface Owner extends ExchangeLoop {

        /// The trailers behind the client's body, which Spring does not know; null while there are
        /// none.
        @Nullable HttpHeaders requestTrailers();

        /// The backend changed the protocol (status 101): from now on bytes pass unseen by Spring.
        void tunnel(BackendRequest to);
    }

    private final Owner owner;
    private final MonoSink<ResponseHead> head;
    private final BufferFlux body;
    private @Nullable BackendRequest backendRequest;
    private @Nullable Subscription upload;
    private @Nullable HttpHeaders trailers;
    private boolean headSeen;
    private boolean tunnel;

    BackendCall(Owner owner, MonoSink<ResponseHead> head) {
        this.owner = owner;
        this.head = head;
        this.body = new BufferFlux(owner.loop(), owner.exchange(), this::read);
    }

    /// Sends the request.
    ///
    /// @param content its body, null for none
    void start(RequestHead request, @Nullable Flux<DataBuffer> content) {
        owner.exchange().request(request);
        backendRequest = owner.exchange().forward(content == null, this);
        if (content != null) {
            backendRequest.onRequestReadComplete(); // the head, whenever the body may come
            content.subscribe(new Upload());
        }
    }

    Flux<DataBuffer> body() {
        return body;
    }

    @Nullable HttpHeaders trailers() {
        return trailers;
    }

    boolean isTunnel() {
        return tunnel;
    }

    void flush() {
        if (backendRequest != null) {
            backendRequest.onRequestReadComplete();
        }
    }

    /// Gives the backend up and releases what was received.
    void discard() {
        if (upload != null) {
            upload.cancel();
        }
        if (backendRequest != null) {
            backendRequest.onClientAbort();
        }
        body.discard();
    }

    /// The chain lost interest. Once the head is there the body belongs to the exchange: a retry
    /// cancels what it has already got.
    void cancel() {
        if (!headSeen) {
            discard();
        }
    }

    private void read(boolean wanted) {
        if (backendRequest != null) {
            backendRequest.read(wanted);
        }
    }

    @Override
    public void onInformational(ResponseHead interim) {
        owner.exchange().onInformational(interim);
    }

    @Override
    public void onResponseHead(ResponseHead response, boolean end) {
        headSeen = true;
        if (response.status() == 101 && backendRequest != null) {
            tunnel = true;
            owner.tunnel(backendRequest);
            owner.exchange().onResponseHead(response, false);
        }
        if (end) {
            body.complete();
        }
        head.success(response);
    }

    @Override
    public void onResponseData(ByteBuf data, boolean end) {
        if (tunnel) {
            owner.exchange().onResponseData(data, end);
            if (!owner.exchange().client().isWritable()) {
                read(false);
            }
        } else {
            body.data(data, end);
        }
    }

    @Override
    public void onResponseTrailers(HttpHeaders fields) {
        trailers = fields;
        body.complete();
    }

    @Override
    public void onResponseReadComplete() {
        owner.exchange().onResponseReadComplete();
    }

    @Override
    public void onBackendWritable() {
        if (tunnel) {
            owner.exchange().client().read(true);
        } else if (upload != null) {
            upload.request(1);
        }
    }

    @Override
    public void onResponseFailure(Failure failure) {
        if (tunnel) {
            owner.exchange().onResponseFailure(failure);
        } else if (headSeen) {
            body.fail(new BackendFailure(failure));
        } else {
            head.error(new BackendFailure(failure));
        }
    }

    /// Passes the request's body on, one part at a time.
    private final class Upload implements CoreSubscriber<DataBuffer> {

        @Override
        public void onSubscribe(Subscription subscription) {
            upload = subscription;
            subscription.request(1);
        }

        @Override
        public void onNext(DataBuffer buffer) {
            owner.onLoop(() -> send(buffer));
        }

        private void send(DataBuffer buffer) {
            BackendRequest to = backendRequest;
            if (to == null) {
                DataBufferUtils.release(buffer);
                return;
            }
            to.onRequestData(NettyDataBufferFactory.toByteBuf(buffer), false);
            to.onRequestReadComplete();
            if (to.isWritable() && upload != null) {
                upload.request(1);
            }
        }

        @Override
        public void onError(Throwable cause) {
            owner.onLoop(() -> {
                if (backendRequest != null) {
                    backendRequest.onClientAbort();
                }
                if (!headSeen) {
                    head.error(cause);
                }
            });
        }

        @Override
        public void onComplete() {
            owner.onLoop(() -> {
                BackendRequest to = backendRequest;
                if (to == null) {
                    return;
                }
                HttpHeaders fields = owner.requestTrailers();
                if (fields == null) {
                    to.onRequestData(Unpooled.EMPTY_BUFFER, true);
                } else {
                    to.onRequestTrailers(fields);
                }
                to.onRequestReadComplete();
            });
        }
    }
}
