package dev.sluice.policy.ratelimit;

import dev.sluice.engine.Exchange;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// A request that waits for Redis, for no longer than its policy says.
final class RedisQuery implements Waiter.Listener {

    private final Exchange exchange;
    private final LimitDecisions decisions;
    private final BiConsumer<Exchange, LimitDecisions> then;
    private final List<Waiter> waiters = new ArrayList<>(2);
    private final AtomicInteger left = new AtomicInteger();
    private @Nullable ScheduledFuture<?> timer;
    private @Nullable RedisLink link;
    private long begun;
    private boolean settled;

    /// @param then gets the whole tally, on the event loop of the request
    RedisQuery(
            Exchange exchange,
            LimitDecisions limitDecisions,
            BiConsumer<Exchange, LimitDecisions> then) {
        this.exchange = exchange;
        this.decisions = limitDecisions;
        this.then = then;
    }

    /// @return false when nobody can be asked now; then the tally is whole
    boolean begin() {
        long patience = Long.MAX_VALUE;
        for (int i = 0; i < decisions.size(); i++) {
            if (decisions.decision(i) == null
                    && decisions.limit(i).limiter() instanceof GlobalLimiter limiter) {
                Lease lease = limiter.link().isUp() ? limiter.lease(decisions.key(i)) : null;
                if (lease == null || lease.isLate()) {
                    fallBack(i, limiter);
                } else {
                    link = limiter.link();
                    patience = Math.min(patience, limiter.patience());
                    waiters.add(new Waiter(this, i, lease, decisions.cost(i)));
                }
            }
        }
        RedisLink asked = link;
        if (asked == null) {
            return false;
        }
        begun = System.nanoTime();
        left.set(waiters.size());
        timer = exchange.schedule(this::timedOut, patience);
        waiters.forEach(Waiter::enqueue);
        asked.query(waiters.stream().map(Waiter::lease).toList());
        return true;
    }

    private void fallBack(int index, GlobalLimiter limiter) {
        Decision decision = limiter.withoutRedis(decisions.key(index), decisions.cost(index));
        decisions.decide(index, decision, limiter.fallback());
    }

    /// One of the limits has its answer.
    @Override
    public void answered() {
        if (left.decrementAndGet() == 0) {
            try {
                exchange.execute(this::settle);
            } catch (RejectedExecutionException e) {
                settled = true; // the process ends
            }
        }
    }

    private void timedOut() {
        waiters.forEach(Waiter::giveUp);
        settle();
    }

    private void settle() {
        if (settled) {
            return;
        }
        settled = true;
        if (timer != null) {
            timer.cancel(false);
        }
        if (link != null) {
            link.waited(System.nanoTime() - begun);
        }
        for (Waiter waiter : waiters) {
            int index = waiter.index();
            Limiter limiter = decisions.limit(index).limiter();
            Decision decision = waiter.answer();
            if (decision != null) {
                decisions.decide(index, decision, limiter);
            } else if (limiter instanceof GlobalLimiter global) {
                fallBack(index, global);
            }
        }
        then.accept(exchange, decisions);
    }
}
