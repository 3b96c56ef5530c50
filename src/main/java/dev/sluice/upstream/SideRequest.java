package dev.sluice.upstream;

import dev.sluice.barrier.Barrier;
import dev.sluice.http.ClientStream;
import dev.sluice.http.Failure;
import dev.sluice.http.RequestHead;
import dev.sluice.http.ResponseEvents;
import dev.sluice.http.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A request of our own to a backend, whose whole answer is wanted: another endpoint is tried where
/// one cannot be reached. On one event loop.
public final class SideRequest implements StreamRequest, ResponseEvents {

    private static final int MAX_TRIES = 3;

    /// Bytes of an answer's body.
    private static final int MAX_BODY = 64 * 1024;

    private final Barrier.Owner owner;
    private final EventLoop loop;
    private final Cluster backend;
    private final RequestHead head;
    private final ByteBuffer body;
    private final Receiver receiver;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private final ScheduledFuture<?> timer;
    private @Nullable EndpointPool endpoint;
    private @Nullable ClientStream stream;
    private @Nullable ResponseHead response;
    private boolean reused;
    private int tries;
    private boolean ended;

    /// A whole answer.
    public record FullResponse(ResponseHead head, ByteBuffer body, HttpHeaders trailers) {}

    /// Told once, on the event loop.
    public interface Receiver {
        void replied(FullResponse fullResponse);

        void failed(Failure failure);
    }

    private SideRequest(
            Barrier.Owner owner,
            EventLoop loop,
            Cluster backend,
            RequestHead head,
            ByteBuffer body,
            Duration timeout,
            Receiver receiver) {
        this.owner = owner;
        this.loop = loop;
        this.backend = backend;
        this.head = head;
        this.body = body;
        this.receiver = receiver;
        this.timer =
                Barrier.schedule(
                        loop, this, () -> fail(Failure.BACKEND_TIMEOUT), timeout.toNanos());
    }

    /// Sends a request. Called on the event loop.
    ///
    /// @param owner of what waits for the answer
    /// @param head with Content-Length
    /// @param timeout of the whole
    public static void send(
            Barrier.Owner owner,
            EventLoop loop,
            Cluster backend,
            RequestHead head,
            ByteBuffer body,
            Duration timeout,
            Receiver receiver) {
        new SideRequest(owner, loop, backend, head, body, timeout, receiver).open();
    }

    private void open() {
        EndpointPool next = backend.pick(endpoint, null);
        if (next == null) {
            fail(Failure.NO_ENDPOINTS);
            return;
        }
        tries++;
        endpoint = next;
        next.open(loop, this);
    }

    private void fail(Failure failure) {
        if (ended) {
            return;
        }
        ended = true;
        timer.cancel(false);
        if (stream != null) {
            stream.cancel();
        }
        receiver.failed(failure);
    }

    private void reply(HttpHeaders trailers) {
        ResponseHead told = response;
        if (!ended && told != null) {
            ended = true;
            timer.cancel(false);
            receiver.replied(
                    new FullResponse(told, ByteBuffer.wrap(received.toByteArray()), trailers));
        }
    }

    // The request.

    @Override
    public RequestHead head() {
        return head;
    }

    @Override
    public boolean endsWithHead() {
        return !body.hasRemaining();
    }

    @Override
    public boolean isFresh() {
        return tries > 1;
    }

    @Override
    public ResponseEvents events() {
        return this;
    }

    @Override
    public boolean isCancelled() {
        return ended;
    }

    @Override
    public String place() {
        return owner.place();
    }

    @Override
    public void onUnexpectedError(Throwable error) {
        if (!ended) {
            ended = true;
            timer.cancel(false);
            if (stream != null) {
                stream.cancel();
            }
        }
        owner.onUnexpectedError(error);
    }

    @Override
    public void onOpen(ClientStream opened, boolean pooled) {
        stream = opened;
        reused = pooled;
        if (body.hasRemaining()) {
            opened.data(Unpooled.wrappedBuffer(body), true);
        }
    }

    @Override
    public void onRefused(Failure failure) {
        if (!ended && tries < MAX_TRIES) {
            open();
        } else {
            fail(failure);
        }
    }

    // The response.

    @Override
    public void onInformational(ResponseHead interim) {
        // Nobody waits for it.
    }

    @Override
    public void onResponseHead(ResponseHead answer, boolean end) {
        response = answer;
        if (endpoint != null) {
            endpoint.answered(answer.status());
        }
        if (end) {
            reply(EmptyHttpHeaders.INSTANCE);
        }
    }

    @Override
    public void onResponseData(ByteBuf data, boolean end) {
        try {
            if (received.size() + data.readableBytes() > MAX_BODY) {
                fail(Failure.BAD_RESPONSE);
                return;
            }
            data.readBytes(received, data.readableBytes());
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail", e);
        } finally {
            data.release();
        }
        if (end) {
            reply(EmptyHttpHeaders.INSTANCE);
        }
    }

    @Override
    public void onResponseTrailers(HttpHeaders trailers) {
        reply(trailers);
    }

    @Override
    public void onResponseReadComplete() {
        // Nothing is passed on.
    }

    @Override
    public void onBackendWritable() {
        // The body was written at once.
    }

    @Override
    public void onResponseFailure(Failure failure) {
        stream = null;
        boolean stale = failure == Failure.RESET && reused || failure == Failure.UNPROCESSED;
        if (!ended && stale && response == null && tries < MAX_TRIES) {
            open();
        } else {
            fail(failure);
        }
    }
}
