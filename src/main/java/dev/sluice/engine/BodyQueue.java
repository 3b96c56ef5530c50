package dev.sluice.engine;

import dev.sluice.http.ClientStream;
import dev.sluice.http.RequestEvents;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Parts of a body that came before there was somewhere to send them: at most what one read of the
/// socket brings, because reading is paused meanwhile.
public final class BodyQueue {

    private final ArrayDeque<ByteBuf> parts = new ArrayDeque<>();
    private boolean ended;
    private @Nullable HttpHeaders trailers;

    public void data(ByteBuf data, boolean end) {
        parts.addLast(data);
        ended = end;
    }

    public void trailers(HttpHeaders fields) {
        trailers = fields;
    }

    /// Bytes that wait.
    int size() {
        int size = 0;
        for (ByteBuf part : parts) {
            size += part.readableBytes();
        }
        return size;
    }

    boolean isEnded() {
        return ended || trailers != null;
    }

    /// A copy of the first bytes.
    byte[] first(int most) {
        byte[] first = new byte[Math.min(most, size())];
        int at = 0;
        for (ByteBuf part : parts) {
            int length = Math.min(part.readableBytes(), first.length - at);
            part.getBytes(part.readerIndex(), first, at, length);
            at += length;
        }
        return first;
    }

    /// Hands everything on.
    public void replay(RequestEvents to) {
        replay(to::onRequestData, to::onRequestTrailers, to::onRequestReadComplete);
    }

    /// Hands everything on.
    public void replay(ClientStream to) {
        replay(to::data, to::trailers, to::flush);
    }

    private void replay(DataSink data, Consumer<HttpHeaders> fields, Runnable flush) {
        ByteBuf part = parts.pollFirst();
        boolean any = part != null || trailers != null;
        while (part != null) {
            ByteBuf next = parts.pollFirst();
            data.accept(part, ended && next == null);
            part = next;
        }
        if (trailers != null) {
            fields.accept(trailers);
        }
        if (any) {
            flush.run();
        }
    }

    private interface DataSink {
        void accept(ByteBuf data, boolean end);
    }

    public void release() {
        parts.forEach(ByteBuf::release);
        parts.clear();
    }
}
