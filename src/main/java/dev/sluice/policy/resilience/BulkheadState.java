package dev.sluice.policy.resilience;

import dev.sluice.engine.Exchange;
import dev.sluice.engine.Guard;
import dev.sluice.engine.LocalReply;
import dev.sluice.http.Failure;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The requests that one backend works on under one policy. Those that are too many are refused at
/// once: a queue would fill, too.
final class BulkheadState implements Guard {

    private final int most;
    private final boolean enforced;
    private final Runnable refused;
    private final AtomicInteger open = new AtomicInteger();

    /// @param enforced false to let pass what it would refuse
    /// @param refused notified of each try that does not pass, or would not
    BulkheadState(Bulkhead section, boolean enforced, Runnable refused) {
        this.most = section.parallel();
        this.enforced = enforced;
        this.refused = refused;
    }

    @Override
    public @Nullable LocalReply enter(Exchange exchange) {
        if (open.incrementAndGet() <= most) {
            return null;
        }
        refused.run();
        if (!enforced) {
            return null;
        }
        open.decrementAndGet();
        return LocalReply.of(Failure.OVERLOADED, exchange.request());
    }

    @Override
    public void done() {
        open.decrementAndGet();
    }
}
