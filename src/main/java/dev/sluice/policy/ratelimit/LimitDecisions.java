package dev.sluice.policy.ratelimit;

import dev.sluice.engine.Exchange;
import dev.sluice.http.ResponseHead;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the limits of a rule decided about one request, for each key that it counts by.
final class LimitDecisions {

    private final List<Asked> all;
    private @Nullable BoundLimit uncountable;

    private LimitDecisions(int limits) {
        all = new ArrayList<>(limits);
    }

    private static final class Asked {
        private final BoundLimit limit;
        private final String key;
        private final long cost;
        private Limiter taker;
        private @Nullable Decision decision;

        Asked(BoundLimit limit, String key, long cost) {
            this.limit = limit;
            this.key = key;
            this.cost = cost;
            this.taker = limit.limiter();
            this.decision = taker.take(key, cost);
        }

        boolean isRefused() {
            return decision != null && !decision.passes();
        }
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
        List<String> keys = limit.keys(exchange);
        if (keys == null) {
            uncountable = limit;
            return false;
        }
        long cost = limit.cost(exchange);
        for (int i = 0; i < keys.size(); i++) {
            Asked asked = new Asked(limit, keys.get(i), cost);
            all.add(asked);
            if (asked.isRefused()) {
                return false;
            }
        }
        return true;
    }

    /// The limit that found more keys in the request than it counts, null for none.
    @Nullable BoundLimit uncountable() {
        return uncountable;
    }

    /// How many decisions there are.
    int size() {
        return all.size();
    }

    BoundLimit limit(int index) {
        return all.get(index).limit;
    }

    String key(int index) {
        return all.get(index).key;
    }

    long cost(int index) {
        return all.get(index).cost;
    }

    /// Null while it is not decided.
    @Nullable Decision decision(int index) {
        return all.get(index).decision;
    }

    /// @param taker what the request's cost was taken from
    void decide(int index, Decision decision, Limiter taker) {
        Asked asked = all.get(index);
        asked.decision = decision;
        asked.taker = taker;
    }

    boolean isDecided() {
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).decision == null) {
                return false;
            }
        }
        return true;
    }

    /// The decision that refuses the request, -1 when none does.
    int refusing() {
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).isRefused()) {
                return i;
            }
        }
        return -1;
    }

    /// The decision that leaves the fewest requests, -1 when there is none.
    int tightest() {
        int tightest = -1;
        long least = Long.MAX_VALUE;
        for (int i = 0; i < all.size(); i++) {
            Decision decision = all.get(i).decision;
            if (decision != null && decision.isCounted() && decision.remaining() < least) {
                tightest = i;
                least = decision.remaining();
            }
        }
        return tightest;
    }

    /// A refused request costs nothing, also in the limits that would have let it pass.
    void giveBack() {
        for (Asked asked : all) {
            Decision decision = asked.decision;
            if (decision != null && decision.passes() && decision.isCounted()) {
                asked.taker.giveBack(asked.key, asked.cost);
            }
        }
    }

    /// Takes what the response costs.
    void debit(ResponseHead head) {
        for (Asked asked : all) {
            long cost = asked.limit.cost(head.headers());
            if (cost > 0) {
                asked.taker.debit(asked.key, cost);
            }
        }
    }
}
