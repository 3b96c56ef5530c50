package dev.sluice.engine;

import dev.sluice.barrier.Barrier;
import dev.sluice.engine.Stage.StageResult;
import dev.sluice.http.BadMessage;
import dev.sluice.http.Failure;
import dev.sluice.http.RequestEvents;
import dev.sluice.http.RequestHead;
import dev.sluice.http.ResponseEvents;
import dev.sluice.http.ServerStream;
import dev.sluice.path.NormalizedPath;
import dev.sluice.route.RouteTable;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Runs an exchange: has its rule found, passes the request through the rule's stages and connects
/// the client with the backend. What the client sends goes to a [BackendRequest], or to a
/// [ForwardInterceptor] that makes one.
final class ActiveExchange extends RoutedExchange {

    private final Observer observer;
    private final boolean endsWithHead;
    private int nextStage;
    private @Nullable RequestEvents sink;
    private @Nullable BackendRequest backend;
    private MirrorSet mirrors = MirrorSet.NONE;
    private @Nullable EarlyBody early;
    private @Nullable ScheduledFuture<?> timer;

    /// @param port as clients know it
    /// @param observer of the port
    ActiveExchange(
            int port, Observer observer, ServerStream client, RequestHead request, boolean end) {
        super(port, client, request);
        this.observer = observer;
        this.endsWithHead = end;
    }

    void begin(RouteTable<CompiledRule> table) {
        clientHost(ForwardedFields.set(request(), client().connection()));
        switch (NormalizedPath.of(request().path())) {
            case NormalizedPath.Safe(String safe) -> {
                path(safe);
                route(table);
            }
            case NormalizedPath.Dangerous(String reason) -> {
                began();
                failed(Failure.BAD_REQUEST);
                answer(LocalReply.text(400, reason));
            }
        }
    }

    /// Answers a request whose head cannot be understood.
    void refuse(BadMessage bad) {
        clientHost(client().connection().remoteHost());
        began();
        onBadRequest(bad);
    }

    private void began() {
        Observer.notifyBegan(observer, this);
    }

    private void route(RouteTable<CompiledRule> table) {
        Failure unrouted = find(table);
        began();
        if (unrouted != null) {
            onResponseFailure(unrouted);
            return;
        }
        long timeout = compiled().requestTimeout();
        if (timeout > 0) {
            timer = schedule(this::timedOut, timeout);
        }
        resume();
    }

    @Override
    public void resume() {
        CompiledRule rule = compiled();
        StageChain stages = rule.stages();
        while (nextStage < stages.size() && !isEnded()) {
            if (stages.request(nextStage++, this) != StageResult.NEXT) {
                return;
            }
        }
        if (isEnded()) {
            return;
        }
        MirrorSet copies = rule.forwarder().mirrors(this, endsWithHead);
        try {
            connect(begun(rule), copies);
        } catch (Throwable error) {
            copies.abort();
            throw error;
        }
    }

    private RequestEvents begun(CompiledRule rule) {
        ForwardInterceptor interceptor = rule.interceptor();
        if (interceptor != null) {
            return interceptor.begin(this, endsWithHead);
        }
        BackendRequest request = rule.forwarder().prepare(this, endsWithHead, this);
        backend = request;
        sink = request; // it may fail at once, and then has to be known
        request.start();
        return request;
    }

    @Override
    public BackendRequest forward(boolean end, ResponseEvents events) {
        BackendRequest request = compiled().forwarder().prepare(this, end, events);
        request.start();
        return request;
    }

    private void connect(RequestEvents to, MirrorSet copies) {
        mirrors = copies;
        RequestEvents all = copies.around(to);
        sink = all;
        EarlyBody body = early;
        early = null;
        if (body != null) {
            body.passTo(all);
        }
    }

    // The end.

    private void timedOut() {
        timer = null;
        RequestEvents to = sink;
        if (!isEnded() && to != null) {
            failed(Failure.REQUEST_TIMEOUT);
            to.onClientAbort(); // the backend's answer is not wanted any more
        }
        onResponseFailure(Failure.REQUEST_TIMEOUT);
    }

    /// Answers with 500, or cuts the response where it has begun, and gives the backend up. The
    /// rule's stages do not see this answer.
    @Override
    public void onUnexpectedError(Throwable error) {
        if (isEnded()) {
            return;
        }
        skipStages();
        failed(Failure.INTERNAL);
        RequestEvents to = sink;
        if (to != null) {
            Barrier.run(Barrier.only(place()), to::onClientAbort);
        }
        try {
            onResponseFailure(Failure.INTERNAL);
        } finally {
            end(Failure.INTERNAL.status());
        }
    }

    @Override
    void ended(int result) {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
        if (early != null) {
            early.release();
            early = null;
        }
        mirrors.onEnded();
        if (isRouted()) {
            Observer.notifyEnded(compiled().reporting().observer(), this, result);
        }
        Observer.notifyEnded(observer, this, result);
    }

    @Override
    void pauseBackend() {
        if (backend != null) {
            backend.read(false);
        }
    }

    // The client's body.

    @Override
    public void onRequestData(ByteBuf data, boolean end) {
        received(data.readableBytes());
        if (isEnded()) {
            data.release();
        } else if (sink == null) {
            early().data(data, end);
        } else {
            sink.onRequestData(data, end);
            if (backend != null && !backend.isWritable()) {
                client().read(false);
            }
        }
    }

    @Override
    public void onRequestTrailers(HttpHeaders trailers) {
        if (isEnded()) {
            return;
        }
        if (strip(trailers)) {
            compiled().stages().requestTrailers(this, trailers);
        }
        if (sink == null) {
            early().trailers(trailers);
        } else {
            sink.onRequestTrailers(trailers);
        }
    }

    private EarlyBody early() {
        EarlyBody known = early;
        if (known == null) {
            known = new EarlyBody(client());
            early = known;
        }
        return known;
    }

    @Override
    public void awaitBody(int most, Consumer<byte[]> then) {
        if (endsWithHead) {
            then.accept(new byte[0]);
        } else {
            early().await(request(), most, then);
        }
    }

    @Override
    public void onRequestReadComplete() {
        if (sink != null && !isEnded()) {
            sink.onRequestReadComplete();
        }
    }

    @Override
    public void onClientWritable() {
        if (sink != null && !isEnded()) {
            if (backend != null) {
                backend.read(true);
            }
            sink.onClientWritable();
        }
    }

    @Override
    public void onBadRequest(BadMessage bad) {
        if (isEnded()) {
            return;
        }
        if (isAnswered()) {
            onClientAbort();
            return;
        }
        RequestEvents to = sink;
        failed(Failure.of(bad));
        if (to != null) {
            to.onClientAbort();
        }
        answer(LocalReply.text(bad.status(), bad.reason()));
    }

    @Override
    public void onClientAbort() {
        if (!isEnded()) {
            RequestEvents to = sink;
            end(CLIENT_GONE);
            if (to != null) {
                to.onClientAbort();
            }
        }
    }
}
