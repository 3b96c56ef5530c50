package dev.sluice.forward;

import dev.sluice.engine.Exchange;
import dev.sluice.engine.Guard;
import dev.sluice.engine.LocalReply;
import dev.sluice.engine.StageChain;
import dev.sluice.forward.UpstreamRetryPolicy.Decision;
import dev.sluice.http.Failure;
import dev.sluice.http.ResponseEvents;
import dev.sluice.http.ResponseHead;
import dev.sluice.upstream.Cluster;
import dev.sluice.upstream.pool.EndpointPool;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;

/// A request on its way to one backend of a rule: picks the backend and the endpoint, fails over to
/// another endpoint while nothing was sent, tries again as the rule says, and passes both bodies
/// on.
final class UpstreamRequest extends BackendStream {

    private final UpstreamRetryPolicy policy;
    private final EndpointSelection selection;
    private StageChain stages = StageChain.NONE;
    private GuardedAttempt attempt = GuardedAttempt.NONE;
    private @Nullable Cluster fallback;
    private @Nullable ResponseJudge judge;
    private @Nullable ScheduledFuture<?> timer;
    private int retries;
    private boolean answered;

    UpstreamRequest(
            RuleBackends rule, Exchange exchange, boolean endsWithHead, ResponseEvents receiver) {
        UpstreamRetryPolicy retryPolicy = rule.retryPolicy();
        ReplayableBody requestBody = new ReplayableBody(retryPolicy.retry() != null);
        super(exchange, endsWithHead, receiver, requestBody);
        this.policy = retryPolicy;
        this.selection = new EndpointSelection(rule, exchange);
    }

    @Override
    public void start() {
        switch (selection.choose()) {
            case null -> onResponseFailure(Failure.NO_BACKENDS);
            case Target.DirectResponse(_, int status, String message) -> {
                finish();
                answer(LocalReply.error(status, message, head()));
            }
            case Target.ToCluster(_, _, StageChain own, Guard over, Cluster instead) -> {
                stages = own;
                attempt = GuardedAttempt.of(over);
                fallback = instead;
                if (own.request(exchange)) {
                    begin();
                } else {
                    finish();
                }
            }
        }
    }

    private void answer(LocalReply reply) {
        answered = true;
        reply.send(receiver, head().method());
    }

    // The tries.

    private void begin() {
        LocalReply instead = attempt.enter(exchange);
        if (instead != null && instead.ifNoFallback() && fallback != null) {
            attempt = GuardedAttempt.NONE;
            selection.divert(fallback);
        } else if (instead != null) {
            end();
            answer(instead);
            return;
        }
        selection.restart(retries > 0);
        fresh(false);
        long wait = attempt.delay(exchange);
        if (wait > 0) {
            timer = exchange.schedule(this::proceed, wait);
        } else {
            proceed();
        }
    }

    private void proceed() {
        timer = null;
        attempt.sent();
        long timeout = selection.timeout();
        if (timeout > 0) {
            timer = exchange.schedule(this::timedOut, timeout);
        }
        connect();
    }

    private void connect() {
        EndpointPool next = selection.next();
        if (next == null) {
            onResponseFailure(Failure.NO_ENDPOINTS);
        } else {
            open(next);
        }
    }

    @Override
    public void onRefused(Failure failure) {
        if (isCancelled()) {
            return;
        }
        EndpointPool other =
                selection.instead(failure, isOpening(), exchange.client().eventLoop(), this);
        if (other == null) {
            onResponseFailure(failure);
        } else {
            open(other);
        }
    }

    /// The next try, after its back-off.
    private void retry() {
        attempt.done();
        cancel();
        stopTimer();
        body.rewind();
        long wait = policy.backoff(retries);
        retries++;
        if (wait > 0) {
            timer = exchange.schedule(this::begin, wait);
        } else {
            begin();
        }
    }

    private void timedOut() {
        timer = null;
        cancel();
        onResponseFailure(Failure.BACKEND_TIMEOUT);
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private void end() {
        finish();
        if (exchange.failure() == Failure.REQUEST_TIMEOUT) {
            attempt.failed(Failure.REQUEST_TIMEOUT);
            if (!answered && isOpen()) {
                selection.failed(Failure.REQUEST_TIMEOUT);
            }
        } else {
            attempt.left();
        }
        attempt.done();
        stopTimer();
        if (judge != null) {
            judge.stop();
        }
        body.release();
    }

    @Override
    public void onClientAbort() {
        if (!isCancelled()) {
            end();
            cancel();
        }
    }

    // The response.

    @Override
    public void onResponseHead(ResponseHead head, boolean end) {
        if (isCancelled()) {
            return;
        }
        judge = ResponseJudge.judge(exchange, attempt, selection, head, end);
        Decision decision =
                body.isKept()
                        ? policy.afterStatus(head.status(), retries, selection.budget())
                        : Decision.NONE;
        switch (decision) {
            case RETRY -> retry();
            case SPENT -> {
                cancel();
                fail(Failure.RETRIES_SPENT);
            }
            case NONE -> pass(head, end);
        }
    }

    private void pass(ResponseHead head, boolean end) {
        answered = true;
        selection.onResponseHead(head);
        stages.response(exchange, head);
        if (end) {
            end();
        }
        receiver.onResponseHead(head, end);
    }

    @Override
    public void onResponseData(ByteBuf data, boolean end) {
        if (isCancelled()) {
            data.release();
            return;
        }
        if (judge != null) {
            judge.onData();
        }
        if (end) {
            end();
        }
        receiver.onResponseData(data, end);
    }

    @Override
    public void onResponseTrailers(HttpHeaders trailers) {
        if (!isCancelled()) {
            if (judge != null) {
                judge.onTrailers(trailers);
            }
            end();
            receiver.onResponseTrailers(trailers);
        }
    }

    @Override
    public void onResponseFailure(Failure failure) {
        if (isCancelled()) {
            return;
        }
        closed();
        if (!answered && endsWithHead() && isReplayable(failure)) {
            fresh(true);
            connect();
            return;
        }
        attempt.failed(failure);
        if (!answered || judge != null && judge.isOpen()) {
            selection.failed(failure);
        }
        Decision decision =
                !answered && body.isKept()
                        ? policy.afterFailure(failure, retries, selection.budget())
                        : Decision.NONE;
        switch (decision) {
            case RETRY -> retry();
            case SPENT -> fail(Failure.RETRIES_SPENT);
            case NONE -> fail(failure);
        }
    }

    private boolean isReplayable(Failure failure) {
        return policy.isReplayable(failure, head().method(), isReused(), selection.tries());
    }

    private void fail(Failure failure) {
        end();
        receiver.onResponseFailure(failure);
    }
}
