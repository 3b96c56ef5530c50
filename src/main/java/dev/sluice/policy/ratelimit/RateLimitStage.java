package dev.sluice.policy.ratelimit;

import dev.sluice.engine.Answer;
import dev.sluice.engine.Exchange;
import dev.sluice.engine.FilterOrder;
import dev.sluice.engine.Stage;
import dev.sluice.http.ResponseHead;
import dev.sluice.ir.PathMatch;
import java.util.List;

/// Lets requests pass that every limit lets pass.
final class RateLimitStage implements Stage {

    private static final long COST = 1;

    private final List<Counted> limits;
    private final Refusal refusal;
    private final boolean enforced;
    private final Runnable refused;

    /// A limit with its buckets.
    record Counted(Limit limit, LocalLimiter limiter) {}

    /// @param enforced false to let refused requests pass
    /// @param refused told of each request that does not pass, or would not
    RateLimitStage(List<Counted> limits, Refusal refusal, boolean enforced, Runnable refused) {
        this.limits = List.copyOf(limits);
        this.refusal = refusal;
        this.enforced = enforced;
        this.refused = refused;
    }

    @Override
    public FilterOrder order() {
        return FilterOrder.RATE_LIMIT;
    }

    @Override
    public Verdict request(Exchange exchange) {
        Outcome tightest = null;
        for (int i = 0; i < limits.size(); i++) {
            Counted counted = limits.get(i);
            if (!applies(counted.limit().when(), exchange)) {
                continue;
            }
            Bucket.Decision decision =
                    counted.limiter().take(Keys.of(counted.limit().key(), exchange), COST);
            Outcome outcome = new Outcome(counted.limit(), decision);
            if (!decision.passes()) {
                giveBack(i, exchange);
                return refuse(exchange, outcome);
            }
            if (tightest == null || decision.remaining() < tightest.decision().remaining()) {
                tightest = outcome;
            }
        }
        if (tightest != null && enforced && refusal.headers() != Refusal.Fields.NONE) {
            exchange.note(this, tightest);
        }
        return Verdict.NEXT;
    }

    /// A refused request costs nothing, also in the limits that would have let it pass.
    private void giveBack(int before, Exchange exchange) {
        for (int i = 0; i < before; i++) {
            Counted counted = limits.get(i);
            if (applies(counted.limit().when(), exchange)) {
                counted.limiter().giveBack(Keys.of(counted.limit().key(), exchange), COST);
            }
        }
    }

    private Verdict refuse(Exchange exchange, Outcome outcome) {
        refused.run();
        if (!enforced) {
            return Verdict.NEXT;
        }
        exchange.note(this, outcome);
        exchange.answer(
                Answer.error(
                        refusal.status(),
                        "too many requests: limit " + outcome.limit().name(),
                        exchange.request()));
        return Verdict.ANSWERED;
    }

    private static boolean applies(Limit.When when, Exchange exchange) {
        return (when.methods().isEmpty() || when.methods().contains(exchange.method()))
                && (when.paths().isEmpty()
                        || PathMatch.Prefix.anyTakes(when.paths(), exchange.path()));
    }

    @Override
    public void response(Exchange exchange, ResponseHead head) {
        if (exchange.note(this) instanceof Outcome outcome) {
            outcome.describe(refusal, head);
        }
    }

    /// What a limit decided.
    private record Outcome(Limit limit, Bucket.Decision decision) {

        private static final long SECOND = 1_000_000_000;

        void describe(Refusal refusal, ResponseHead head) {
            switch (refusal.headers()) {
                case STANDARD -> {
                    String name = '"' + limit.name() + '"';
                    head.headers()
                            .add(
                                    "ratelimit-policy",
                                    name + ";q=" + limit.rate().burst() + ";w=" + window());
                    head.headers()
                            .add(
                                    "ratelimit",
                                    name
                                            + ";r="
                                            + decision.remaining()
                                            + ";t="
                                            + seconds(decision.reset()));
                }
                case LEGACY -> {
                    head.headers().set("x-ratelimit-limit", Long.toString(limit.rate().burst()));
                    head.headers()
                            .set("x-ratelimit-remaining", Long.toString(decision.remaining()));
                    head.headers()
                            .set("x-ratelimit-reset", Long.toString(seconds(decision.reset())));
                }
                case NONE -> {}
            }
            if (!decision.passes() && refusal.retryAfter()) {
                head.headers().set("retry-after", Long.toString(seconds(decision.after())));
            }
        }

        /// Seconds in which an empty bucket fills.
        private long window() {
            return seconds(limit.rate().burst() * limit.rate().interval());
        }

        private static long seconds(long nanos) {
            return Math.max(0, (nanos + SECOND - 1) / SECOND);
        }
    }
}
