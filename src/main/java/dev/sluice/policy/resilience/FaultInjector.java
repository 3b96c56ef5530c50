package dev.sluice.policy.resilience;

import dev.sluice.engine.Exchange;
import dev.sluice.engine.Guard;
import dev.sluice.engine.LocalReply;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// Makes go wrong what section `faults` says.
final class FaultInjector implements Guard {

    private static final float ALL = 100;

    private final Faults faults;
    private final boolean enforced;
    private final Runnable injected;

    /// @param enforced false to do nothing
    /// @param injected notified of each fault, also of one that does nothing
    FaultInjector(Faults faults, boolean enforced, Runnable injected) {
        this.faults = faults;
        this.enforced = enforced;
        this.injected = injected;
    }

    @Override
    public @Nullable LocalReply enter(Exchange exchange) {
        Faults.Abort abort = faults.abort();
        if (abort == null || !hits(exchange, abort.percent())) {
            return null;
        }
        injected.run();
        return enforced
                ? LocalReply.error(abort.status(), "a fault on purpose", exchange.request())
                : null;
    }

    @Override
    public long delay(Exchange exchange) {
        Faults.Delay delay = faults.delay();
        if (delay == null || !hits(exchange, delay.percent())) {
            return 0;
        }
        injected.run();
        return enforced ? delay.fixed().toNanos() : 0;
    }

    private boolean hits(Exchange exchange, float percent) {
        String field = faults.onlyWhenHeader();
        return (field == null || exchange.header(field) != null)
                && (percent >= ALL || ThreadLocalRandom.current().nextFloat(ALL) < percent);
    }
}
