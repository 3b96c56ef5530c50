package dev.sluice.forward;

import dev.sluice.engine.BodyQueue;
import dev.sluice.http.Failure;
import dev.sluice.ir.Retry;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayDeque;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// The tries of one request that are left, and its body for the next one. A body that is larger
/// than the bound is not kept, and then there is no further try.
final class RequestRetries {

    private static final int MAX_BODY = 64 * 1024;

    /// Doublings of the back-off.
    private static final int MAX_DOUBLINGS = 5;

    private final Retry retry;
    private final ArrayDeque<ByteBuf> body = new ArrayDeque<>();
    private @Nullable HttpHeaders trailers;
    private int size;
    private boolean ended;
    private boolean lost;
    private int used;

    RequestRetries(Retry retry) {
        this.retry = retry;
    }

    /// Whether a response with that status is better tried again.
    boolean wants(int status) {
        return retry.codes().contains(status) && isPossible();
    }

    /// Whether a failure before any answer is better tried again.
    boolean wants(Failure failure) {
        return mayHeal(failure) && isPossible();
    }

    private boolean isPossible() {
        return used < retry.attempts() && !lost;
    }

    /// Whether another try may end better (GEP-1731: connection errors and time-outs).
    private static boolean mayHeal(Failure failure) {
        return failure.isOfBackend()
                && failure != Failure.BAD_RESPONSE
                && failure != Failure.REQUEST_TIMEOUT;
    }

    /// Takes one try.
    ///
    /// @return nanoseconds to wait before it: the back-off doubled with each try, and up to half of
    ///   it on top by chance, so that clients do not return in step
    long next() {
        long least = retry.backoff().toNanos() << Math.min(used, MAX_DOUBLINGS);
        used++;
        return least == 0 ? 0 : least + ThreadLocalRandom.current().nextLong(least / 2 + 1);
    }

    /// Keeps a part that goes to a backend.
    void keep(ByteBuf data, boolean end) {
        if (lost) {
            return;
        }
        size += data.readableBytes();
        if (size > MAX_BODY) {
            lost = true;
            release();
        } else {
            body.addLast(data.retainedDuplicate());
            ended = end;
        }
    }

    void keep(HttpHeaders fields) {
        trailers = fields;
    }

    /// The body so far, to be sent again.
    BodyQueue replay() {
        BodyQueue queue = new BodyQueue();
        int left = body.size();
        for (ByteBuf part : body) {
            queue.data(part.retainedDuplicate(), ended && --left == 0);
        }
        if (trailers != null) {
            queue.trailers(trailers);
        }
        return queue;
    }

    void release() {
        body.forEach(ByteBuf::release);
        body.clear();
    }
}
