package dev.sluice.telemetry;

import dev.sluice.engine.Exchange;
import dev.sluice.engine.Observer;
import dev.sluice.engine.Telemetry;
import dev.sluice.observe.RuleMeters;

/// Counts the requests of a rule.
///
/// @param meters of the rule
/// @param telemetry what its policies count besides
public record RuleObserver(RuleMeters meters, Telemetry telemetry) implements Observer {

    @Override
    public void ended(Exchange exchange, int status) {
        meters.record(status, exchange.elapsed());
        telemetry.count(exchange);
    }
}
