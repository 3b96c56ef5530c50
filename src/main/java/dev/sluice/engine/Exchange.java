package dev.sluice.engine;

import dev.sluice.barrier.Barrier;
import dev.sluice.http.RequestEvents;
import dev.sluice.http.RequestHead;
import dev.sluice.http.ResponseEvents;
import dev.sluice.http.ServerStream;
import dev.sluice.ir.HttpMatch;
import dev.sluice.ir.HttpRule;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.function.Consumer;

/// One request and its response, from the head to the last byte, on one event loop: what stages,
/// observers, guards and interceptors see and do. It is the superclass of what runs the exchange,
/// and not a part of it, so that each request is one object.
///
/// As [RequestEvents] it takes what the client sends, as [ResponseEvents] what goes to the client.
public abstract class Exchange extends RequestInfo
        implements RequestEvents, ResponseEvents, Barrier.Owner {

    /// The status that observers see when the client left before an answer.
    public static final int CLIENT_GONE = 499;

    Exchange(int port, ServerStream client, RequestHead request) {
        super(port, client, request);
    }

    /// Whether a rule took the request.
    public abstract boolean isRouted();

    /// The rule that took the request.
    public abstract HttpRule rule();

    /// The rule's id ([dev.sluice.ir.Origin#id()]).
    public abstract String ruleId();

    /// The alternative of the rule that took the request.
    public abstract HttpMatch match();

    /// What its rule's policies say about log, spans and counts, if it has a rule.
    public abstract Telemetry telemetry();

    /// Whether a response was begun.
    public abstract boolean isAnswered();

    /// Whether the last byte went to the client, or never will.
    public abstract boolean isEnded();

    /// Answers instead of a backend.
    public abstract void answer(LocalReply localReply);

    /// Goes on with the stage behind the one that deferred, unless the exchange has ended
    /// meanwhile.
    public abstract void resume();

    /// Calls a stage that defers with the beginning of the request's body, once that is here.
    ///
    /// @param most bytes
    public abstract void awaitBody(int most, Consumer<byte[]> then);

    /// Sends the request, as it is now, to a backend of the rule.
    ///
    /// @param end whether it has no body
    /// @param events where the response goes
    /// @return where the body goes
    public abstract BackendRequest forward(boolean end, ResponseEvents events);

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
}
