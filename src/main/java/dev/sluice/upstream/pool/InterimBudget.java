package dev.sluice.upstream.pool;

import dev.sluice.http.BadMessage;
import dev.sluice.http.ResponseHead;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// What a backend may send of interim responses (RFC 9110 15.2) to one request. There is no need
/// for many, and each one costs the client's side as much as a small response.
final class InterimBudget {

    /// Of all interim responses to a request together.
    private static final int MAX_BYTES = 64 * 1024;

    private static final int MAX_IN_A_SECOND = 100;

    /// What a status line and the line ends take, roughly.
    private static final int HEAD_BYTES = 32;

    private static final int FIELD_BYTES = 4;

    private int bytes;
    private int count;
    private long since;

    /// Takes one more.
    ///
    /// @param now as of [System#nanoTime()]
    /// @throws BadMessage when they are too many, or too large
    void take(ResponseHead head, long now) throws BadMessage {
        if (count == 0 || now - since >= TimeUnit.SECONDS.toNanos(1)) {
            since = now;
            count = 0;
        }
        count++;
        bytes += size(head);
        if (bytes > MAX_BYTES || count > MAX_IN_A_SECOND) {
            throw new BadMessage(
                    HttpResponseStatus.BAD_GATEWAY.code(), "too many interim responses");
        }
    }

    private static int size(ResponseHead head) {
        int size = HEAD_BYTES;
        Iterator<Map.Entry<CharSequence, CharSequence>> fields =
                head.headers().iteratorCharSequence();
        while (fields.hasNext()) {
            Map.Entry<CharSequence, CharSequence> field = fields.next();
            size += field.getKey().length() + field.getValue().length() + FIELD_BYTES;
        }
        return size;
    }
}
