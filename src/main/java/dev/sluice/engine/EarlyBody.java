package dev.sluice.engine;

import dev.sluice.http.HttpFields;
import dev.sluice.http.RequestEvents;
import dev.sluice.http.RequestHead;
import dev.sluice.http.ResponseHead;
import dev.sluice.http.ServerStream;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What comes of a request's body before it is known where it goes. Once something has come the
/// client is not read any further, unless a stage waits for more.
final class EarlyBody {

    private final ServerStream client;
    private @Nullable BodyQueue queue;
    private @Nullable Awaited awaited;

    EarlyBody(ServerStream client) {
        this.client = client;
    }

    /// @param most bytes
    private record Awaited(int most, Consumer<byte[]> then) {}

    void data(ByteBuf data, boolean end) {
        queue().data(data, end);
        came();
    }

    void trailers(HttpHeaders trailers) {
        queue().trailers(trailers);
        came();
    }

    private BodyQueue queue() {
        BodyQueue known = queue;
        if (known == null) {
            known = new BodyQueue();
            queue = known;
            client.read(awaited != null);
        }
        return known;
    }

    /// Tells a stage that waits the beginning of the body, once that is here.
    ///
    /// @param most bytes
    void await(RequestHead head, int most, Consumer<byte[]> then) {
        if (head.headers().contains(HttpHeaderNames.EXPECT)) {
            head.headers().remove(HttpHeaderNames.EXPECT); // it comes before the backend could ask
            client.informational(new ResponseHead(100, new HttpFields()));
            client.flush();
        }
        awaited = new Awaited(most, then);
        client.read(true);
        came();
    }

    private void came() {
        Awaited body = awaited;
        BodyQueue known = queue;
        if (body != null && known != null && (known.isEnded() || known.size() >= body.most())) {
            awaited = null;
            client.read(false);
            body.then().accept(known.first(body.most()));
        }
    }

    /// It is known where the body goes.
    void passTo(RequestEvents sink) {
        BodyQueue known = queue;
        queue = null;
        if (known != null) {
            known.replay(sink);
            client.read(true);
        }
    }

    void release() {
        if (queue != null) {
            queue.release();
            queue = null;
        }
    }
}
