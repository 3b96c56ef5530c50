package dev.sluice.engine;

import dev.sluice.barrier.Barrier;
import dev.sluice.http.BadMessage;
import dev.sluice.http.GuardedRequestEvents;
import dev.sluice.http.RequestEvents;
import dev.sluice.http.RequestHandler;
import dev.sluice.http.RequestHead;
import dev.sluice.http.ServerStream;
import dev.sluice.net.FailedConnection;
import dev.sluice.route.RouteTable;

/// A bound port's way into the engine. A request keeps the table that it started with.
public final class HttpPort implements RequestHandler {

    private final int number;
    private final Observer observer;
    private volatile RouteTable<CompiledRule> table;

    /// @param number the port as clients know it
    /// @param observer notified of each request
    public HttpPort(int number, RouteTable<CompiledRule> table, Observer observer) {
        this.number = number;
        this.table = table;
        this.observer = observer;
    }

    RouteTable<CompiledRule> table() {
        return table;
    }

    /// Replaces the rules; requests in flight keep theirs.
    public void table(RouteTable<CompiledRule> next) {
        table = next;
    }

    @Override
    public RequestEvents begin(ServerStream client, RequestHead head, boolean end) {
        ActiveExchange exchange = new ActiveExchange(number, observer, client, head, end);
        try {
            exchange.begin(table);
        } catch (Throwable error) {
            Barrier.failed(exchange, error);
        }
        return new GuardedRequestEvents(exchange, exchange);
    }

    @Override
    public void refuse(ServerStream client, BadMessage bad) {
        ActiveExchange exchange =
                new ActiveExchange(number, observer, client, RequestHead.unreadable(), true);
        Barrier.run(exchange, () -> exchange.refuse(bad));
    }

    @Override
    public void failed(FailedConnection connection) {
        Observer.notifyFailed(observer, connection);
    }
}
