package dev.sluice.engine;

import dev.sluice.barrier.Barrier;
import dev.sluice.http.BadMessage;
import dev.sluice.http.Failure;
import dev.sluice.http.RequestEvents;
import dev.sluice.http.RequestHead;
import dev.sluice.http.ResponseEvents;
import dev.sluice.http.ResponseHead;
import dev.sluice.http.ServerStream;
import dev.sluice.http.Trailers;
import dev.sluice.route.ListenerTable;
import dev.sluice.route.NormalizedPath;
import dev.sluice.route.RouteEntry;
import dev.sluice.route.RouteTable;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One request and its response, from the head to the last byte, on one event loop.
///
/// It finds the rule, runs its stages and connects the client with the backend: what the client
/// sends goes to a [BackendRequest], or to a [ForwardInterceptor] that makes one; what comes back
/// goes through the stages in reverse to the client.
public final class Exchange extends RequestInfo
        implements RequestEvents, ResponseEvents, Barrier.Owner {

    /// The status that observers see when the client left before an answer.
    public static final int CLIENT_GONE = 499;

    private static final int CONTINUE = 100;

    private final boolean endsWithHead;
    private int nextStage;
    private @Nullable RequestEvents sink;
    private @Nullable BackendRequest backendRequest;
    private MirrorSet mirrors = MirrorSet.NONE;
    private @Nullable EarlyBody early;
    private @Nullable ScheduledFuture<?> timer;
    private int status;
    private boolean ended;
    private boolean broken;
    private boolean continued;

    Exchange(HttpPort port, ServerStream client, RequestHead request, boolean end) {
        super(port, client, request);
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
        Observer.notifyBegan(observer(), this);
    }

    /// Does work of this exchange on its event loop, later.
    public void execute(Runnable work) {
        Barrier.execute(client().eventLoop(), this, work);
    }

    /// Does work of this exchange on its event loop after a time in nanoseconds.
    public ScheduledFuture<?> schedule(Runnable work, long nanos) {
        return Barrier.schedule(client().eventLoop(), this, work, nanos);
    }

    @Override
    public String place() {
        return "exchange";
    }

    /// Answers with 500, or cuts the response where it has begun, and gives the backend up. The
    /// rule's stages do not see this answer: one of them may be what failed.
    @Override
    public void onUnexpectedError(Throwable error) {
        if (ended) {
            return;
        }
        broken = true;
        failed(Failure.INTERNAL);
        RequestEvents to = sink;
        if (to != null) {
            Barrier.run(Barrier.only(place()), to::onClientAbort);
        }
        try {
            onResponseFailure(Failure.INTERNAL);
        } finally {
            end(status == 0 ? Failure.INTERNAL.status() : status);
        }
    }

    private void route(RouteTable<CompiledRule> table) {
        ListenerTable<CompiledRule> listener = table.listener(host());
        String sni = client().connection().sni();
        boolean misdirected = // RFC 9110 15.5.20
                listener != null && sni != null && table.listener(sni) != listener;
        RouteEntry<CompiledRule> routeEntry =
                listener == null || misdirected ? null : listener.find(this);
        if (routeEntry == null) {
            began();
            onResponseFailure(misdirected ? Failure.MISDIRECTED : Failure.NO_ROUTE);
            return;
        }
        enter(routeEntry);
        began();
        long timeout = routeEntry.target().requestTimeout();
        if (timeout > 0) {
            timer = schedule(this::timedOut, timeout);
        }
        resume();
    }

    /// Goes on with the stage behind the one that deferred, unless the exchange has ended
    /// meanwhile.
    public void resume() {
        CompiledRule rule = rule();
        List<Stage> stages = rule.stages();
        while (nextStage < stages.size() && !ended) {
            switch (stages.get(nextStage++).request(this)) {
                case NEXT -> {}
                case ANSWERED, DEFERRED -> {
                    return;
                }
            }
        }
        if (ended) {
            return;
        }
        MirrorSet copies = rule.forwarder().mirrors(this, endsWithHead);
        try {
            connect(begun(rule.interceptor()), copies);
        } catch (Throwable error) {
            copies.abort();
            throw error;
        }
    }

    private RequestEvents begun(@Nullable ForwardInterceptor forwardInterceptor) {
        if (forwardInterceptor != null) {
            return forwardInterceptor.begin(this, endsWithHead);
        }
        BackendRequest request = rule().forwarder().prepare(this, endsWithHead, this);
        backendRequest = request;
        sink = request; // it may fail at once, and then has to be known
        request.start();
        return request;
    }

    /// Sends the request, as it is now, to a backend of the rule.
    ///
    /// @param end whether it has no body
    /// @param events where the response goes
    /// @return where the body goes
    public BackendRequest forward(boolean end, ResponseEvents events) {
        BackendRequest request = rule().forwarder().prepare(this, end, events);
        request.start();
        return request;
    }

    private void connect(RequestEvents to, MirrorSet copies) {
        mirrors = copies;
        sink = copies.around(to);
        EarlyBody body = early;
        early = null;
        if (body != null) {
            body.passTo(sink);
        }
    }

    /// Answers instead of a backend.
    public void answer(LocalReply localReply) {
        if (ended || status != 0) {
            return;
        }
        localReply.send(this, request().method());
    }

    /// Whether the last byte went to the client, or never will.
    public boolean isEnded() {
        return ended;
    }

    /// Whether a response was begun.
    public boolean isAnswered() {
        return status != 0;
    }

    private void timedOut() {
        timer = null;
        RequestEvents to = sink;
        if (!ended && to != null) {
            failed(Failure.REQUEST_TIMEOUT);
            to.onClientAbort(); // the backend's answer is not wanted any more
        }
        onResponseFailure(Failure.REQUEST_TIMEOUT);
    }

    private void end(int result) {
        if (ended) {
            return;
        }
        ended = true;
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
            Observer.notifyEnded(rule().reporting().observer(), this, result);
        }
        Observer.notifyEnded(observer(), this, result);
    }

    // The client's body.

    @Override
    public void onRequestData(ByteBuf data, boolean end) {
        received(data.readableBytes());
        if (ended) {
            data.release();
        } else if (sink == null) {
            early().data(data, end);
        } else {
            sink.onRequestData(data, end);
            if (backendRequest != null && !backendRequest.isWritable()) {
                client().read(false);
            }
        }
    }

    @Override
    public void onRequestTrailers(HttpHeaders trailers) {
        if (ended) {
            return;
        }
        passing(trailers, Stage::requestTrailers);
        if (sink == null) {
            early().trailers(trailers);
        } else {
            sink.onRequestTrailers(trailers);
        }
    }

    private void passing(HttpHeaders trailers, TrailerEvent event) {
        if (trailers.isEmpty()) {
            return;
        }
        Trailers.strip(trailers);
        if (isRouted()) {
            for (Stage stage : rule().stages()) {
                event.pass(stage, this, trailers);
            }
        }
    }

    private interface TrailerEvent {
        void pass(Stage stage, Exchange exchange, HttpHeaders trailers);
    }

    private EarlyBody early() {
        EarlyBody known = early;
        if (known == null) {
            known = new EarlyBody(client());
            early = known;
        }
        return known;
    }

    /// Calls a stage that defers with the beginning of the request's body, once that is here.
    ///
    /// @param most bytes
    public void awaitBody(int most, Consumer<byte[]> then) {
        if (endsWithHead) {
            then.accept(new byte[0]);
        } else {
            early().await(request(), most, then);
        }
    }

    @Override
    public void onRequestReadComplete() {
        if (sink != null && !ended) {
            sink.onRequestReadComplete();
        }
    }

    @Override
    public void onClientWritable() {
        if (sink != null && !ended) {
            if (backendRequest != null) {
                backendRequest.read(true);
            }
            sink.onClientWritable();
        }
    }

    @Override
    public void onBadRequest(BadMessage bad) {
        if (ended) {
            return;
        }
        if (status != 0) {
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
        if (!ended) {
            RequestEvents to = sink;
            end(status == 0 ? CLIENT_GONE : status);
            if (to != null) {
                to.onClientAbort();
            }
        }
    }

    // The response.

    @Override
    public void onInformational(ResponseHead head) {
        if (ended || status != 0 || !client().isWritable()) {
            return; // an interim response is never owed, least of all to who does not read
        }
        if (head.status() == CONTINUE) {
            if (continued) {
                return; // one tells the client all there is to tell
            }
            continued = true;
        }
        client().informational(head);
    }

    @Override
    public void onResponseHead(ResponseHead head, boolean end) {
        if (ended || status != 0) {
            return;
        }
        if (isRouted() && !broken) {
            List<Stage> stages = rule().stages();
            for (int i = stages.size() - 1; i >= 0; i--) {
                stages.get(i).response(this, head);
            }
        }
        status = head.status();
        client().head(head, end);
        if (end) {
            client().flush();
            end(status);
        }
    }

    @Override
    public void onResponseData(ByteBuf data, boolean end) {
        if (ended) {
            data.release();
            return;
        }
        sent(data.readableBytes());
        client().data(data, end);
        if (end) {
            client().flush();
            end(status);
        } else if (backendRequest != null && !client().isWritable()) {
            backendRequest.read(false);
        }
    }

    @Override
    public void onResponseTrailers(HttpHeaders trailers) {
        if (!ended) {
            passing(trailers, Stage::responseTrailers);
            client().trailers(trailers);
            client().flush();
            end(status);
        }
    }

    @Override
    public void onResponseReadComplete() {
        if (!ended) {
            client().flush();
        }
    }

    @Override
    public void onBackendWritable() {
        if (!ended) {
            client().read(true);
        }
    }

    @Override
    public void onResponseFailure(Failure cause) {
        if (ended) {
            return;
        }
        failed(cause);
        if (status == 0) {
            answer(LocalReply.of(cause, request()));
        } else {
            client().abort(cause);
            end(status);
        }
    }
}
