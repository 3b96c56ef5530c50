package dev.sluice.engine;

import dev.sluice.http.Failure;
import dev.sluice.http.RequestEvents;
import dev.sluice.http.RequestHead;
import dev.sluice.http.ResponseEvents;
import dev.sluice.http.ResponseHead;
import dev.sluice.http.ServerStream;
import dev.sluice.route.Entry;
import dev.sluice.route.ListenerTable;
import dev.sluice.route.NormalizedPath;
import dev.sluice.route.RouteTable;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One request and its response, from the head to the last byte, on one event loop.
///
/// It finds the rule, runs its stages and connects the client with the backend: what the client
/// sends goes to a [Forwarding], or to a [Detour] that makes one; what comes back goes through the
/// stages in reverse to the client.
public final class Exchange extends ExchangeFacts implements RequestEvents, ResponseEvents {

    /// The status that observers see when the client left before an answer.
    public static final int CLIENT_GONE = 499;

    private final boolean endsWithHead;
    private int nextStage;
    private @Nullable RequestEvents sink;
    private @Nullable Forwarding source;
    private @Nullable EarlyBody early;
    private @Nullable ScheduledFuture<?> timer;
    private int status;
    private boolean ended;

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
                observer().began(this);
                answer(Answer.text(400, reason));
            }
        }
    }

    private void route(RouteTable<CompiledRule> table) {
        ListenerTable<CompiledRule> listener = table.listener(host());
        String sni = client().connection().sni();
        boolean misdirected = // RFC 9110 15.5.20
                listener != null && sni != null && table.listener(sni) != listener;
        Entry<CompiledRule> entry = listener == null || misdirected ? null : listener.find(this);
        if (entry == null) {
            observer().began(this);
            onResponseFailure(misdirected ? Failure.MISDIRECTED : Failure.NO_ROUTE);
            return;
        }
        enter(entry);
        observer().began(this);
        long timeout = entry.target().requestTimeout();
        if (timeout > 0) {
            timer = client().eventLoop().schedule(this::timedOut, timeout, TimeUnit.NANOSECONDS);
        }
        resume();
    }

    /// Goes on with the stage behind the one that deferred, unless the exchange has ended meanwhile.
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
        List<MirrorCopy> copies =
                rule.mirrors().isEmpty() ? List.of() : Tee.copies(this, endsWithHead);
        Detour detour = rule.detour();
        if (detour != null) {
            connect(detour.begin(this, endsWithHead), copies);
        } else {
            Forwarding forwarding = new Forwarding(this, endsWithHead, this);
            source = forwarding;
            sink = forwarding; // it may fail at once, and then has to be known
            forwarding.start();
            connect(forwarding, copies);
        }
    }

    /// Sends the request, as it is now, to a backend of the rule.
    ///
    /// @param end whether it has no body
    /// @param events where the response goes
    /// @return where the body goes
    public Forwarding forward(boolean end, ResponseEvents events) {
        Forwarding forwarding = new Forwarding(this, end, events);
        forwarding.start();
        return forwarding;
    }

    private void connect(RequestEvents to, List<MirrorCopy> copies) {
        sink = copies.isEmpty() ? to : new Tee(to, copies);
        EarlyBody body = early;
        early = null;
        if (body != null) {
            body.passTo(sink);
        }
    }

    /// Answers instead of a backend.
    public void answer(Answer answer) {
        if (ended || status != 0) {
            return;
        }
        answer.send(this, request().method());
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
        if (isRouted()) {
            rule().observer().ended(this, result);
        }
        observer().ended(this, result);
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
            if (source != null && !source.isWritable()) {
                client().read(false);
            }
        }
    }

    @Override
    public void onRequestTrailers(HttpHeaders trailers) {
        if (ended) {
            return;
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
            if (source != null) {
                source.read(true);
            }
            sink.onClientWritable();
        }
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
        if (!ended && status == 0) {
            client().informational(head);
        }
    }

    @Override
    public void onResponseHead(ResponseHead head, boolean end) {
        if (ended || status != 0) {
            return;
        }
        if (isRouted()) {
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
        } else if (source != null && !client().isWritable()) {
            source.read(false);
        }
    }

    @Override
    public void onResponseTrailers(HttpHeaders trailers) {
        if (!ended) {
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
            answer(Answer.of(cause, request()));
        } else {
            client().abort(cause);
            end(status);
        }
    }
}
