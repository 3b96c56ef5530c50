package dev.sluice.upstream;

import dev.sluice.barrier.Barrier;
import dev.sluice.http.ClientStream;
import dev.sluice.http.Failure;
import dev.sluice.http.HttpFields;
import dev.sluice.http.RequestHead;
import dev.sluice.http.ResponseEvents;
import dev.sluice.http.ResponseHead;
import dev.sluice.ir.HealthCheck.Probe;
import dev.sluice.ir.UpstreamTls;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Sends a request to an endpoint and judges the response. On one event loop.
final class RequestCheck implements StreamRequest, ResponseEvents {

    private static final String HEALTH = "/grpc.health.v1.Health/Check";

    /// Compressed flag and length in front of a message of gRPC.
    private static final int PREFIX = 5;

    /// `HealthCheckResponse{status: SERVING}`, framed.
    private static final byte[] SERVING = {0, 0, 0, 0, 2, 0x08, 0x01};

    /// Bytes of a response's body; more is not needed to judge it.
    private static final int MAX_BODY = 64 * 1024;

    private final RequestHead head;
    private final byte[] body;
    private final LoopPool pool;
    private final Dialer dialer;
    private final long timeout;
    private final Expectation expectation;
    private final Consumer<String> answer;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private @Nullable ScheduledFuture<?> timer;
    private @Nullable ClientStream stream;
    private @Nullable ResponseHead response;
    private boolean fresh;
    private boolean reused;
    private boolean ended;

    private interface Expectation {
        /// @return what is wrong, empty when it is well
        String of(ResponseHead head, byte[] body, HttpHeaders trailers);
    }

    private RequestCheck(
            RequestHead head,
            byte[] body,
            Dialer dialer,
            LoopPool pool,
            long timeout,
            Expectation expectation,
            Consumer<String> answer) {
        this.head = head;
        this.body = body;
        this.dialer = dialer;
        this.pool = pool;
        this.timeout = timeout;
        this.expectation = expectation;
        this.answer = answer;
    }

    /// @param timeout in nanoseconds
    /// @param answer told once what is wrong, empty for nothing
    static RequestCheck http(
            Probe.Http question,
            Dialer dialer,
            LoopPool pool,
            long timeout,
            Consumer<String> answer) {
        return new RequestCheck(
                head("GET", question.path(), dialer, new HttpFields()),
                new byte[0],
                dialer,
                pool,
                timeout,
                (head, _, _) ->
                        question.statuses().contains(head.status())
                                ? ""
                                : "status " + head.status(),
                answer);
    }

    /// @param timeout in nanoseconds
    /// @param answer told once what is wrong, empty for nothing
    static RequestCheck grpc(
            Probe.Grpc question,
            Dialer dialer,
            LoopPool pool,
            long timeout,
            Consumer<String> answer) {
        HttpHeaders fields = new HttpFields();
        fields.set(HttpHeaderNames.CONTENT_TYPE, "application/grpc");
        fields.set(HttpHeaderNames.TE, "trailers");
        return new RequestCheck(
                head("POST", HEALTH, dialer, fields),
                message(question.service()),
                dialer,
                pool,
                timeout,
                RequestCheck::serving,
                answer);
    }

    private static RequestHead head(String method, String path, Dialer dialer, HttpHeaders fields) {
        UpstreamTls tls = dialer.transport().tls();
        String authority = tls == null ? dialer.endpoint().toString() : tls.hostname();
        fields.set(HttpHeaderNames.USER_AGENT, "sluice-health");
        return new RequestHead(method, tls == null ? "http" : "https", authority, path, fields);
    }

    /// `HealthCheckRequest`, framed: its one field is the name, of at most 127 bytes.
    private static byte[] message(String service) {
        byte[] name = service.getBytes(StandardCharsets.UTF_8);
        int length = name.length == 0 ? 0 : name.length + 2;
        ByteBuf message = Unpooled.buffer(PREFIX + length);
        message.writeByte(0).writeInt(length);
        if (length > 0) {
            message.writeByte(0x0a).writeByte(name.length).writeBytes(name);
        }
        return ByteBufUtil.getBytes(message);
    }

    private static String serving(ResponseHead head, byte[] body, HttpHeaders trailers) {
        if (head.status() != 200) {
            return "status " + head.status();
        }
        String status = trailers.get("grpc-status");
        if (status == null) {
            status = head.headers().get("grpc-status");
        }
        if (!"0".equals(status)) {
            return "grpc-status " + status;
        }
        return Arrays.equals(body, SERVING) ? "" : "it does not say SERVING";
    }

    void start() {
        timer =
                Barrier.schedule(
                        dialer.worker().loop(), this, () -> end("no answer in time"), timeout);
        pool.open(new GuardedStreamRequest(this));
    }

    private void end(String reason) {
        if (ended) {
            return;
        }
        ended = true;
        if (timer != null) {
            timer.cancel(false);
        }
        if (stream != null) {
            stream.cancel(); // does nothing behind the end of the response
        }
        answer.accept(reason);
    }

    private void judge(HttpHeaders trailers) {
        if (response != null) {
            end(expectation.of(response, received.toByteArray(), trailers));
        }
    }

    // The request.

    @Override
    public RequestHead head() {
        return head;
    }

    @Override
    public boolean endsWithHead() {
        return body.length == 0;
    }

    @Override
    public boolean isFresh() {
        return fresh;
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
    public void onOpen(ClientStream opened, boolean pooled) {
        stream = opened;
        reused = pooled;
        if (body.length > 0) {
            opened.data(Unpooled.wrappedBuffer(body), true);
        }
        opened.flush();
    }

    @Override
    public String place() {
        return "health";
    }

    @Override
    public void onUnexpectedError(Throwable error) {
        end(Failure.INTERNAL.reason());
    }

    @Override
    public void onRefused(Failure failure) {
        end(failure.reason());
    }

    // The response.

    @Override
    public void onInformational(ResponseHead interim) {
        // Nobody waits for it.
    }

    @Override
    public void onResponseHead(ResponseHead answered, boolean end) {
        response = answered;
        if (end) {
            judge(EmptyHttpHeaders.INSTANCE);
        }
    }

    @Override
    public void onResponseData(ByteBuf data, boolean end) {
        int left = Math.min(data.readableBytes(), MAX_BODY - received.size());
        received.writeBytes(ByteBufUtil.getBytes(data, data.readerIndex(), left));
        boolean enough = end || left < data.readableBytes();
        data.release();
        if (enough) {
            judge(EmptyHttpHeaders.INSTANCE);
        }
    }

    @Override
    public void onResponseTrailers(HttpHeaders trailers) {
        judge(trailers);
    }

    @Override
    public void onResponseReadComplete() {
        // Nothing is passed on.
    }

    @Override
    public void onBackendWritable() {
        // The body was written at once.
    }

    /// A connection that was kept may have been closed meanwhile, which says nothing.
    @Override
    public void onResponseFailure(Failure failure) {
        stream = null;
        boolean stale = reused && response == null || failure == Failure.UNPROCESSED;
        if (!ended && stale && !fresh) {
            fresh = true;
            pool.open(new GuardedStreamRequest(this));
        } else {
            end(failure.reason());
        }
    }
}
