package dev.sluice.upstream.pool;

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

/// A request of our own, whose whole answer is wanted. On one event loop.
public final class SideRequest implements StreamRequest, ResponseEvents {

    /// Bytes of an answer's body.
    private static final int MAX_BODY = 64 * 1024;

    private final Barrier.Owner owner;
    private final RequestHead head;
    private final ByteBuffer body;
    private final Overflow overflow;
    private final Destination destination;
    private final Receiver receiver;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private final ScheduledFuture<?> timer;
    private @Nullable ClientStream stream;
    private @Nullable ResponseHead response;
    private boolean reused;
    private int tries;
    private boolean ended;

    /// A whole answer.
    public record FullResponse(ResponseHead head, ByteBuffer body, HttpHeaders trailers) {}

    /// What an answer is whose body has more than 64 KiB.
    public enum Overflow {
        /// A failure.
        FAIL,
        /// Whole by what has come.
        TRUNCATE
    }

    /// Where a request goes, and when it goes there again.
    public interface Destination {

        /// Sends a try of the request.
        ///
        /// @return why there is no place to send it to, null when there is one
        @Nullable Failure open(StreamRequest request);

        /// Whether another try follows one that got no connection.
        ///
        /// @param tries so far
        boolean opensAgain(int tries);

        /// Whether another try follows one that got no response.
        ///
        /// @param reused whether its connection had served before
        /// @param tries so far
        boolean sendsAgain(Failure failure, boolean reused, int tries);

        /// A response has begun.
        void responded(int status);
    }

    /// Notified once, on the event loop.
    public interface Receiver {
        void replied(FullResponse fullResponse);

        void failed(Failure failure);
    }

    private SideRequest(
            Barrier.Owner owner,
            EventLoop loop,
            RequestHead head,
            ByteBuffer body,
            Duration timeout,
            Overflow overflow,
            Destination destination,
            Receiver receiver) {
        this.owner = owner;
        this.head = head;
        this.body = body;
        this.overflow = overflow;
        this.destination = destination;
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
            RequestHead head,
            ByteBuffer body,
            Duration timeout,
            Overflow overflow,
            Destination destination,
            Receiver receiver) {
        new SideRequest(owner, loop, head, body, timeout, overflow, destination, receiver).open();
    }

    private void open() {
        tries++;
        Failure failure = destination.open(this);
        if (failure != null) {
            fail(failure);
        }
    }

    private void fail(Failure failure) {
        if (ended) {
            return;
        }
        end();
        receiver.failed(failure);
    }

    private void end() {
        ended = true;
        timer.cancel(false);
        if (stream != null) {
            stream.cancel(); // does nothing behind the end of the response
        }
    }

    private void reply(HttpHeaders trailers) {
        ResponseHead told = response;
        if (!ended && told != null) {
            end();
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
            end();
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
        if (!ended && destination.opensAgain(tries)) {
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
        destination.responded(answer.status());
        if (end) {
            reply(EmptyHttpHeaders.INSTANCE);
        }
    }

    @Override
    public void onResponseData(ByteBuf data, boolean end) {
        int room = MAX_BODY - received.size();
        boolean isOver = data.readableBytes() > room;
        try {
            if (isOver && overflow == Overflow.FAIL) {
                fail(Failure.BAD_RESPONSE);
                return;
            }
            data.readBytes(received, Math.min(data.readableBytes(), room));
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail", e);
        } finally {
            data.release();
        }
        if (end || isOver) {
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
        if (!ended && response == null && destination.sendsAgain(failure, reused, tries)) {
            open();
        } else {
            fail(failure);
        }
    }
}
