package dev.sluice.engine;

import dev.sluice.http.Failure;
import dev.sluice.http.RequestHead;
import dev.sluice.http.ResponseHead;
import dev.sluice.http.ServerStream;
import dev.sluice.http.Trailers;
import dev.sluice.ir.HttpMatch;
import dev.sluice.ir.HttpRule;
import dev.sluice.route.ListenerTable;
import dev.sluice.route.RouteEntry;
import dev.sluice.route.RouteTable;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/// An exchange with its rule, and the way back: what answers, be it a backend, an interceptor or
/// the gateway itself, passes the rule's stages in reverse and goes to the client.
abstract class RoutedExchange extends Exchange {

    private static final int CONTINUE = 100;

    private @Nullable RouteEntry<CompiledRule> routeEntry;
    private int status;
    private boolean ended;
    private boolean broken;
    private boolean continued;

    RoutedExchange(int port, ServerStream client, RequestHead request) {
        super(port, client, request);
    }

    /// The last byte went to the client, or never will. Called once.
    ///
    /// @param result what the client got
    abstract void ended(int result);

    /// The client takes no more for now.
    abstract void pauseBackend();

    // The rule.

    /// Finds the rule of the request.
    ///
    /// @return why none takes it, null when one does
    @Nullable Failure find(RouteTable<CompiledRule> table) {
        ListenerTable<CompiledRule> listener = table.listener(host());
        String sni = client().connection().sni();
        if (listener != null && sni != null && table.listener(sni) != listener) {
            return Failure.MISDIRECTED; // RFC 9110 15.5.20
        }
        if (listener != null && ListenerTable.refuses(listener.listener(), path())) {
            return Failure.HIDDEN_SEPARATOR;
        }
        RouteEntry<CompiledRule> found = listener == null ? null : listener.find(this);
        if (listener == null || found == null) {
            return Failure.NO_ROUTE;
        }
        if (listener.otherReading(this) != null) {
            return Failure.AMBIGUOUS_PATH;
        }
        routeEntry = found;
        return null;
    }

    private RouteEntry<CompiledRule> entered() {
        RouteEntry<CompiledRule> found = routeEntry;
        if (found == null) {
            throw new IllegalStateException("no rule took " + request());
        }
        return found;
    }

    CompiledRule compiled() {
        return entered().target();
    }

    @Override
    public boolean isRouted() {
        return routeEntry != null;
    }

    @Override
    public HttpRule rule() {
        return compiled().rule();
    }

    @Override
    public String ruleId() {
        return compiled().id();
    }

    @Override
    public HttpMatch match() {
        return entered().match();
    }

    @Override
    public Telemetry telemetry() {
        return isRouted() ? compiled().reporting().telemetry() : Telemetry.NONE;
    }

    // How far it is.

    @Override
    public boolean isAnswered() {
        return status != 0;
    }

    @Override
    public boolean isEnded() {
        return ended;
    }

    /// Ends the exchange, with what the client got.
    ///
    /// @param unanswered the status when no response was begun
    void end(int unanswered) {
        if (!ended) {
            ended = true;
            ended(status == 0 ? unanswered : status);
        }
    }

    /// From now on the stages see no response: one of them may be what failed.
    void skipStages() {
        broken = true;
    }

    @Override
    public void answer(LocalReply localReply) {
        if (!ended && status == 0) {
            localReply.send(this, request().method());
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
            compiled().stages().response(this, head);
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
        } else if (!client().isWritable()) {
            pauseBackend();
        }
    }

    @Override
    public void onResponseTrailers(HttpHeaders trailers) {
        if (ended) {
            return;
        }
        if (strip(trailers)) {
            compiled().stages().responseTrailers(this, trailers);
        }
        client().trailers(trailers);
        client().flush();
        end(status);
    }

    /// Removes the fields that trailers must not have.
    ///
    /// @return whether stages see the trailers
    boolean strip(HttpHeaders trailers) {
        if (trailers.isEmpty()) {
            return false;
        }
        Trailers.strip(trailers);
        return isRouted();
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
