package dev.sluice.telemetry;

import dev.sluice.engine.Exchange;
import dev.sluice.engine.Observer;
import dev.sluice.http.Failure;
import dev.sluice.net.ConnectionFailure;
import dev.sluice.net.FailedConnection;
import dev.sluice.observe.MeterTags.ConnectionKeys;
import dev.sluice.observe.MeterTags.FailureKeys;
import dev.sluice.observe.SluiceMeters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;

/// Counts requests without a whole answer of a backend, and connections that fail, by their reason.
public final class FailureObserver implements Observer {

    private final Map<Failure, Counter> counters = new EnumMap<>(Failure.class);
    private final Map<ConnectionFailure, Counter> connections =
            new EnumMap<>(ConnectionFailure.class);

    public FailureObserver(MeterRegistry registry) {
        for (Failure failure : Failure.values()) {
            counters.put(
                    failure,
                    SluiceMeters.FAILURES.counter(
                            registry, FailureKeys.REASON.asString(), failure.name()));
        }
        for (ConnectionFailure failure : ConnectionFailure.values()) {
            connections.put(
                    failure,
                    SluiceMeters.CONNECTIONS_FAILED.counter(
                            registry, ConnectionKeys.REASON.asString(), failure.name()));
        }
    }

    @Override
    public void ended(Exchange exchange, int status) {
        Failure failure = exchange.failure();
        Counter counter = failure == null ? null : counters.get(failure);
        if (counter != null) {
            counter.increment();
        }
    }

    @Override
    public void failed(FailedConnection connection) {
        Counter counter = connections.get(connection.reason());
        if (counter != null) {
            counter.increment();
        }
    }
}
