package dev.sluice.upstream.health;

import dev.sluice.barrier.Barrier;
import dev.sluice.http.Failure;
import dev.sluice.http.RequestHead;
import dev.sluice.ir.UpstreamTls;
import dev.sluice.upstream.pool.Dialer;
import dev.sluice.upstream.pool.GuardedStreamRequest;
import dev.sluice.upstream.pool.LoopPool;
import dev.sluice.upstream.pool.SideRequest;
import dev.sluice.upstream.pool.StreamRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Sends a request to an endpoint and judges the response. On one event loop.
final class RequestProbe
        implements HealthProbe, SideRequest.Destination, SideRequest.Receiver, Barrier.Owner {

    private final ProbeRequest request;
    private final Dialer dialer;
    private final LoopPool pool;
    private final Duration timeout;
    private final Consumer<String> answer;
    private boolean ended;

    /// @param answer notified once of what is wrong, empty for nothing
    RequestProbe(
            ProbeRequest request,
            Dialer dialer,
            LoopPool pool,
            Duration timeout,
            Consumer<String> answer) {
        this.request = request;
        this.dialer = dialer;
        this.pool = pool;
        this.timeout = timeout;
        this.answer = answer;
    }

    @Override
    public void start() {
        SideRequest.send(
                this,
                dialer.worker().loop(),
                head(),
                request.body(),
                timeout,
                SideRequest.Overflow.TRUNCATE,
                this,
                this);
    }

    private RequestHead head() {
        UpstreamTls tls = dialer.transport().tls();
        RequestHead head =
                tls == null
                        ? request.head("http", dialer.endpoint().toString())
                        : request.head("https", tls.hostname());
        head.headers().set(HttpHeaderNames.USER_AGENT, "sluice-health");
        return head;
    }

    @Override
    public @Nullable Failure open(StreamRequest sent) {
        pool.open(new GuardedStreamRequest(sent));
        return null;
    }

    @Override
    public boolean opensAgain(int tries) {
        return false;
    }

    /// A connection that was kept may have been closed meanwhile, which says nothing.
    @Override
    public boolean sendsAgain(Failure failure, boolean reused, int tries) {
        return (reused || failure == Failure.UNPROCESSED) && tries == 1;
    }

    @Override
    public void responded(int status) {
        // The whole response is judged.
    }

    @Override
    public void replied(SideRequest.FullResponse response) {
        end(request.fault(response));
    }

    @Override
    public void failed(Failure failure) {
        end(failure == Failure.BACKEND_TIMEOUT ? "no answer in time" : failure.reason());
    }

    @Override
    public String place() {
        return "health";
    }

    @Override
    public void onUnexpectedError(Throwable error) {
        end(Failure.INTERNAL.reason());
    }

    private void end(String reason) {
        if (!ended) {
            ended = true;
            answer.accept(reason);
        }
    }
}
