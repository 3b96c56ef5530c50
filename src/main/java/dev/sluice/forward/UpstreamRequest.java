package dev.sluice.forward;

import dev.sluice.engine.BackendRequest;
import dev.sluice.engine.Exchange;
import dev.sluice.engine.Guard;
import dev.sluice.engine.LocalReply;
import dev.sluice.engine.StageChain;
import dev.sluice.http.ClientStream;
import dev.sluice.http.Failure;
import dev.sluice.http.RequestHead;
import dev.sluice.http.ResponseEvents;
import dev.sluice.http.ResponseHead;
import dev.sluice.ir.RetryConstraint.Spent;
import dev.sluice.net.ClientNetwork;
import dev.sluice.upstream.Cluster;
import dev.sluice.upstream.pool.EndpointPool;
import dev.sluice.upstream.pool.StreamRequest;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A request on its way to one backend of a rule: picks the backend and the endpoint, fails over to
/// another endpoint while nothing was sent, tries again as the rule says, and passes both bodies
/// on.
final class UpstreamRequest implements BackendRequest, ResponseEvents, StreamRequest {

    private static final int OK = 200;

    /// Methods that may be sent again when a connection broke before an answer (RFC 9110 9.2.2).
    private static final Set<String> IDEMPOTENT =
            Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE");

    /// How long a response of gRPC may leave open how it ends, before its beginning counts as good:
    /// it may be a stream that lasts.
    private static final long OPEN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Exchange exchange;
    private final boolean endsWithHead;
    private final ResponseEvents events;
    private final ReplayableBody body;
    private final EndpointSelection selection;
    private StageChain stages = StageChain.NONE;
    private GuardedAttempt attempt = GuardedAttempt.NONE;
    private @Nullable Cluster fallback;
    private @Nullable ScheduledFuture<?> judgement;
    private @Nullable String client;
    private @Nullable ClientStream stream;
    private @Nullable ScheduledFuture<?> timer;
    private boolean opening;
    private boolean reused;
    private boolean stale;
    private boolean answered;
    private boolean ended;

    UpstreamRequest(
            RuleForwarder rule, Exchange exchange, boolean endsWithHead, ResponseEvents events) {
        this.exchange = exchange;
        this.endsWithHead = endsWithHead;
        this.events = events;
        this.selection = new EndpointSelection(rule, exchange);
        this.body = new ReplayableBody(rule.retry());
    }

    @Override
    public void start() {
        switch (selection.choose()) {
            case null -> onResponseFailure(Failure.NO_BACKENDS);
            case Target.DirectResponse(_, int status, String message) -> {
                ended = true;
                answered = true;
                LocalReply.error(status, message, head()).send(events, head().method());
            }
            case Target.ToCluster(_, _, StageChain own, Guard over, Cluster instead) -> {
                stages = own;
                attempt = GuardedAttempt.of(over);
                fallback = instead;
                if (own.request(exchange)) {
                    begin();
                } else {
                    ended = true;
                }
            }
        }
    }

    private void begin() {
        LocalReply instead = attempt.enter(exchange);
        if (instead != null && instead.ifNoFallback() && fallback != null) {
            attempt = GuardedAttempt.NONE;
            selection.divert(fallback);
        } else if (instead != null) {
            end();
            answered = true;
            instead.send(events, head().method());
            return;
        }
        selection.restart();
        stale = false;
        long wait = attempt.delay(exchange);
        if (wait > 0) {
            timer = schedule(this::proceed, wait);
        } else {
            proceed();
        }
    }

    private void proceed() {
        timer = null;
        attempt.sent();
        long timeout = selection.timeout();
        if (timeout > 0) {
            timer = schedule(this::timedOut, timeout);
        }
        open(selection.next());
    }

    /// The next try, after its back-off.
    private void retry() {
        attempt.done();
        cancel();
        stopTimer();
        long wait = body.retry();
        if (wait > 0) {
            timer = schedule(this::begin, wait);
        } else {
            begin();
        }
    }

    private ScheduledFuture<?> schedule(Runnable task, long nanos) {
        return exchange.schedule(task, nanos);
    }

    private void open(@Nullable EndpointPool next) {
        if (next == null) {
            onResponseFailure(Failure.NO_ENDPOINTS);
        } else {
            opening = true;
            next.open(exchange.client().eventLoop(), this);
            opening = false;
        }
    }

    private void timedOut() {
        timer = null;
        cancel();
        onResponseFailure(Failure.BACKEND_TIMEOUT);
    }

    /// Gives the backend up; no event follows.
    private void cancel() {
        ClientStream open = stream;
        stream = null;
        if (open != null) {
            open.cancel();
        }
    }

    @Override
    public boolean isWritable() {
        return stream == null ? !body.isWaiting() : stream.isWritable();
    }

    @Override
    public void read(boolean wanted) {
        if (stream != null) {
            stream.read(wanted);
        }
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private void end() {
        ended = true;
        if (exchange.failure() == Failure.REQUEST_TIMEOUT) {
            attempt.failed(Failure.REQUEST_TIMEOUT);
            if (!answered && stream != null) {
                selection.failed(Failure.REQUEST_TIMEOUT);
            }
        } else {
            attempt.left();
        }
        attempt.done();
        stopTimer();
        stopJudgement();
        body.release();
    }

    // The request.

    @Override
    public RequestHead head() {
        return exchange.request();
    }

    @Override
    public boolean endsWithHead() {
        return endsWithHead;
    }

    @Override
    public boolean isFresh() {
        return stale;
    }

    @Override
    public ResponseEvents events() {
        return this;
    }

    @Override
    public String client() {
        String known = client;
        if (known == null) {
            known = ClientNetwork.of(exchange.clientHost());
            client = known;
        }
        return known;
    }

    @Override
    public boolean isCancelled() {
        return ended;
    }

    @Override
    public String place() {
        return exchange.place();
    }

    @Override
    public void onUnexpectedError(Throwable error) {
        onClientAbort();
        exchange.onUnexpectedError(error);
    }

    @Override
    public void onOpen(ClientStream opened, boolean pooled) {
        stream = opened;
        reused = pooled;
        if (body.replay(opened)) {
            events.onBackendWritable();
        } else if (!opening && !endsWithHead) {
            // The client may wait for an answer to the head before it sends a body.
            opened.flush();
        }
    }

    @Override
    public void onRefused(Failure failure) {
        if (ended) {
            return;
        }
        EndpointPool other =
                selection.instead(failure, opening, exchange.client().eventLoop(), this);
        if (other == null) {
            onResponseFailure(failure);
        } else {
            open(other);
        }
    }

    @Override
    public void onRequestData(ByteBuf data, boolean end) {
        if (ended) {
            data.release();
        } else {
            body.data(stream, data, end);
        }
    }

    @Override
    public void onRequestTrailers(HttpHeaders trailers) {
        if (!ended) {
            body.trailers(stream, trailers);
        }
    }

    @Override
    public void onRequestReadComplete() {
        if (stream != null) {
            stream.flush();
        }
    }

    @Override
    public void onClientWritable() {
        // The receiver of the response resumes it by read(true).
    }

    @Override
    public void onClientAbort() {
        if (!ended) {
            end();
            cancel();
        }
    }

    // The response.

    @Override
    public void onInformational(ResponseHead head) {
        events.onInformational(head);
    }

    @Override
    public void onResponseHead(ResponseHead head, boolean end) {
        if (ended) {
            return;
        }
        judge(head, end);
        if (body.mayRetry(head.status())) {
            Spent spent = selection.again();
            if (spent == null) {
                retry();
                return;
            }
            if (spent == Spent.UNAVAILABLE) {
                cancel();
                fail(Failure.RETRIES_SPENT);
                return;
            }
        }
        answered = true;
        selection.onResponseHead(head);
        stages.response(exchange, head);
        if (end) {
            end();
        }
        events.onResponseHead(head, end);
    }

    @Override
    public void onResponseData(ByteBuf data, boolean end) {
        if (ended) {
            data.release();
            return;
        }
        if (judgement != null) {
            judged(OK);
        }
        if (end) {
            end();
        }
        events.onResponseData(data, end);
    }

    /// Tells those who want to know what the response says of the backend.
    private void judge(ResponseHead head, boolean end) {
        if (!attempt.isOn() && !selection.isWatched()) {
            return;
        }
        if (GrpcStatus.isOpen(head, end)) {
            judgement = schedule(() -> judged(OK), OPEN_NANOS);
        } else {
            judged(GrpcStatus.of(head));
        }
    }

    private void judged(int status) {
        stopJudgement();
        attempt.answered(status);
        selection.answered(status);
    }

    private void stopJudgement() {
        if (judgement != null) {
            judgement.cancel(false);
            judgement = null;
        }
    }

    @Override
    public void onResponseTrailers(HttpHeaders trailers) {
        if (!ended) {
            if (judgement != null) {
                judged(GrpcStatus.of(trailers));
            }
            end();
            events.onResponseTrailers(trailers);
        }
    }

    @Override
    public void onResponseReadComplete() {
        events.onResponseReadComplete();
    }

    @Override
    public void onBackendWritable() {
        events.onBackendWritable();
    }

    @Override
    public void onResponseFailure(Failure failure) {
        if (ended) {
            return;
        }
        stream = null;
        if (isReplayable(failure)) {
            stale = true;
            open(selection.next());
            return;
        }
        attempt.failed(failure);
        if (!answered || judgement != null) {
            selection.failed(failure);
        }
        Spent spent = !answered && body.mayRetry(failure) ? selection.again() : Spent.LAST_ANSWER;
        if (spent == null) {
            retry();
        } else {
            fail(spent == Spent.UNAVAILABLE ? Failure.RETRIES_SPENT : failure);
        }
    }

    private void fail(Failure failure) {
        end();
        events.onResponseFailure(failure);
    }

    /// A pooled connection may have been closed by the backend just before it was used, and a
    /// backend may say that it did not take the request.
    private boolean isReplayable(Failure failure) {
        boolean harmless =
                failure == Failure.UNPROCESSED
                        || failure == Failure.RESET
                                && reused
                                && IDEMPOTENT.contains(exchange.request().method());
        return harmless && !answered && endsWithHead && selection.hasTries();
    }
}
