package dev.sluice.forward;

import dev.sluice.engine.BodyQueue;
import dev.sluice.http.ClientStream;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// The body of one request on its way to a backend: what comes before there is a connection waits,
/// and what a retry would need is kept. A body that is larger than the bound is not kept.
final class ReplayableBody {

    private static final int MAX_KEPT = 64 * 1024;

    private final @Nullable ArrayDeque<ByteBuf> kept;
    private @Nullable HttpHeaders keptTrailers;
    private int size;
    private boolean ended;
    private boolean lost;
    private @Nullable BodyQueue waiting;

    /// @param keeps whether there may be a retry
    ReplayableBody(boolean keeps) {
        this.kept = keeps ? new ArrayDeque<>() : null;
    }

    /// @param to null when there is no connection yet
    void data(@Nullable ClientStream to, ByteBuf data, boolean end) {
        if (kept != null && !lost) {
            keep(kept, data, end);
        }
        if (to == null) {
            queue().data(data, end);
        } else {
            to.data(data, end);
        }
    }

    private void keep(ArrayDeque<ByteBuf> parts, ByteBuf data, boolean end) {
        size += data.readableBytes();
        if (size > MAX_KEPT) {
            lost = true;
            forget(parts);
        } else {
            parts.addLast(data.retainedDuplicate());
            ended = end;
        }
    }

    /// @param to null when there is no connection yet
    void trailers(@Nullable ClientStream to, HttpHeaders trailers) {
        if (kept != null) {
            keptTrailers = trailers;
        }
        if (to == null) {
            queue().trailers(trailers);
        } else {
            to.trailers(trailers);
        }
    }

    private BodyQueue queue() {
        if (waiting == null) {
            waiting = new BodyQueue();
        }
        return waiting;
    }

    /// Whether a part waits for a connection.
    boolean isWaiting() {
        return waiting != null;
    }

    /// Sends what has waited.
    ///
    /// @return whether anything had
    boolean replay(ClientStream to) {
        BodyQueue queue = waiting;
        waiting = null;
        if (queue == null) {
            return false;
        }
        queue.replay(to);
        return true;
    }

    /// Whether all that has come can be sent again.
    boolean isKept() {
        return kept != null && !lost;
    }

    /// Has all that has come wait for the next connection.
    void rewind() {
        drop();
        BodyQueue queue = new BodyQueue();
        if (kept != null) {
            int left = kept.size();
            for (ByteBuf part : kept) {
                queue.data(part.retainedDuplicate(), ended && --left == 0);
            }
        }
        if (keptTrailers != null) {
            queue.trailers(keptTrailers);
        }
        waiting = queue;
    }

    private void drop() {
        if (waiting != null) {
            waiting.release();
            waiting = null;
        }
    }

    private static void forget(ArrayDeque<ByteBuf> parts) {
        parts.forEach(ByteBuf::release);
        parts.clear();
    }

    /// Nothing will be sent any more.
    void release() {
        if (kept != null) {
            forget(kept);
        }
        drop();
    }
}
