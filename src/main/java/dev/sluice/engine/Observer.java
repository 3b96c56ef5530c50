package dev.sluice.engine;

import dev.sluice.barrier.Barrier;
import dev.sluice.net.FailedConnection;
import java.util.List;

/// Told of requests, and of connections that fail, on their event loop.
public interface Observer {

    Observer NONE = (_, _) -> {};

    /// A head was read, and its rule found if it has one. Fields that are set now go to the
    /// backend.
    default void began(Exchange exchange) {}

    /// The exchange is over.
    ///
    /// @param status what the client got; 499 when it left before an answer
    void ended(Exchange exchange, int status);

    /// A connection was ended, or not taken, for an error that is not of one request.
    default void failed(FailedConnection connection) {}

    /// Notifies an observer whose errors change nothing for the exchange.
    static void notifyBegan(Observer observer, Exchange exchange) {
        try {
            observer.began(exchange);
        } catch (Throwable error) {
            Barrier.report("observer", error);
        }
    }

    /// Notifies an observer whose errors change nothing for the exchange.
    static void notifyEnded(Observer observer, Exchange exchange, int status) {
        try {
            observer.ended(exchange, status);
        } catch (Throwable error) {
            Barrier.report("observer", error);
        }
    }

    /// Notifies an observer whose errors change nothing for the connection.
    static void notifyFailed(Observer observer, FailedConnection connection) {
        try {
            observer.failed(connection);
        } catch (Throwable error) {
            Barrier.report("observer", error);
        }
    }

    /// One that notifies all of these.
    static Observer all(List<? extends Observer> observers) {
        Observer[] all = observers.toArray(Observer[]::new);
        return new Observer() {
            @Override
            public void began(Exchange exchange) {
                for (Observer observer : all) {
                    Observer.notifyBegan(observer, exchange);
                }
            }

            @Override
            public void ended(Exchange exchange, int status) {
                for (Observer observer : all) {
                    Observer.notifyEnded(observer, exchange, status);
                }
            }

            @Override
            public void failed(FailedConnection connection) {
                for (Observer observer : all) {
                    Observer.notifyFailed(observer, connection);
                }
            }
        };
    }
}
