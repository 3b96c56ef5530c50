package dev.sluice.policy.ratelimit;

import dev.sluice.engine.Exchange;
import dev.sluice.http.ResponseHead;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the limits of a rule decided about one request.
final class LimitDecisions {

    private final BoundLimit[] limits;
    private final String[] keys;
    private final long[] costs;
    private final Limiter[] takers;
    private final @Nullable Decision[] decisions;
    private int size;

    private LimitDecisions(int most) {
        limits = new BoundLimit[most];
        keys = new String[most];
        costs = new long[most];
        takers = new Limiter[most];
        decisions = new Decision[most];
    }

    /// Asks the limits that count a request, up to the first that refuses it.
    static LimitDecisions of(List<BoundLimit> limits, Exchange exchange) {
        LimitDecisions limitDecisions = new LimitDecisions(limits.size());
        for (int i = 0; i < limits.size(); i++) {
            BoundLimit limit = limits.get(i);
            if (limit.takes(exchange) && !limitDecisions.take(limit, exchange)) {
                break;
            }
        }
        return limitDecisions;
    }

    private boolean take(BoundLimit limit, Exchange exchange) {
        String key = limit.key(exchange);
        long cost = limit.cost(exchange);
        Decision decision = limit.limiter().take(key, cost);
        limits[size] = limit;
        keys[size] = key;
        costs[size] = cost;
        takers[size] = limit.limiter();
        decisions[size++] = decision;
        return decision == null || decision.passes();
    }

    /// How many limits were asked.
    int size() {
        return size;
    }

    BoundLimit limit(int index) {
        return limits[index];
    }

    String key(int index) {
        return keys[index];
    }

    long cost(int index) {
        return costs[index];
    }

    /// Null while it is not decided.
    @Nullable Decision decision(int index) {
        return decisions[index];
    }

    /// @param taker what the request's cost was taken from
    void decide(int index, Decision decision, Limiter taker) {
        decisions[index] = decision;
        takers[index] = taker;
    }

    boolean isDecided() {
        for (int i = 0; i < size; i++) {
            if (decisions[i] == null) {
                return false;
            }
        }
        return true;
    }

    /// The limit that refuses the request, -1 when none does.
    int refusing() {
        for (int i = 0; i < size; i++) {
            Decision decision = decisions[i];
            if (decision != null && !decision.passes()) {
                return i;
            }
        }
        return -1;
    }

    /// The limit that leaves the fewest requests, -1 when there is none.
    int tightest() {
        int tightest = -1;
        long least = Long.MAX_VALUE;
        for (int i = 0; i < size; i++) {
            Decision decision = decisions[i];
            if (decision != null && decision.isCounted() && decision.remaining() < least) {
                tightest = i;
                least = decision.remaining();
            }
        }
        return tightest;
    }

    /// A refused request costs nothing, also in the limits that would have let it pass.
    void giveBack() {
        for (int i = 0; i < size; i++) {
            Decision decision = decisions[i];
            if (decision != null && decision.passes() && decision.isCounted()) {
                takers[i].giveBack(keys[i], costs[i]);
            }
        }
    }

    /// Takes what the response costs.
    void debit(ResponseHead head) {
        for (int i = 0; i < size; i++) {
            long cost = limits[i].cost(head.headers());
            if (cost > 0) {
                takers[i].debit(keys[i], cost);
            }
        }
    }
}
