package dev.sluice.forward;

import dev.sluice.engine.Exchange;
import dev.sluice.http.ResponseHead;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What a response says of its backend, for the guard of the try and the health of the endpoint.
/// There is one for each response of gRPC that leaves open how it ends: it waits for the first
/// byte, the trailers, or a while.
final class ResponseJudge implements Runnable {

    private static final int OK = 200;

    /// How long a response of gRPC may leave open how it ends, before its beginning counts as good:
    /// it may be a stream that lasts.
    private static final long OPEN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final GuardedAttempt attempt;
    private final EndpointSelection selection;
    private @Nullable ScheduledFuture<?> timer;

    private ResponseJudge(GuardedAttempt attempt, EndpointSelection selection) {
        this.attempt = attempt;
        this.selection = selection;
    }

    /// Notifies those who want to know of a response, if its head says how it ends.
    ///
    /// @param end whether it has no body
    /// @return null unless the head leaves that open
    static @Nullable ResponseJudge judge(
            Exchange exchange,
            GuardedAttempt attempt,
            EndpointSelection selection,
            ResponseHead head,
            boolean end) {
        if (!attempt.isOn() && !selection.isWatched()) {
            return null;
        }
        if (!GrpcStatus.isOpen(head, end)) {
            judged(attempt, selection, GrpcStatus.of(head));
            return null;
        }
        ResponseJudge judge = new ResponseJudge(attempt, selection);
        judge.timer = exchange.schedule(judge, OPEN_NANOS);
        return judge;
    }

    /// Whether it still waits.
    boolean isOpen() {
        return timer != null;
    }

    /// The while is over.
    @Override
    public void run() {
        judged(OK);
    }

    /// The first byte of the body has come, or one after it.
    void onData() {
        if (isOpen()) {
            judged(OK);
        }
    }

    void onTrailers(HttpHeaders trailers) {
        if (isOpen()) {
            judged(GrpcStatus.of(trailers));
        }
    }

    private void judged(int status) {
        stop();
        judged(attempt, selection, status);
    }

    private static void judged(GuardedAttempt attempt, EndpointSelection selection, int status) {
        attempt.answered(status);
        selection.answered(status);
    }

    /// Waits no more.
    void stop() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }
}
