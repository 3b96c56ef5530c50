package dev.sluice.policy.ratelimit;

import dev.sluice.engine.Exchange;
import dev.sluice.engine.FilterOrder;
import dev.sluice.engine.LocalReply;
import dev.sluice.engine.Stage;
import dev.sluice.http.ResponseHead;
import java.util.List;

/// Lets requests pass that every limit lets pass.
final class RateLimitStage implements Stage {

    private static final int SERVICE_UNAVAILABLE = 503;

    private static final int BAD_REQUEST = 400;

    private final List<BoundLimit> limits;
    private final Refusal refusal;
    private final boolean enforced;
    private final boolean debits;
    private final Runnable refused;

    /// @param enforced false to let refused requests pass
    /// @param refused notified of each request that does not pass, or would not
    RateLimitStage(List<BoundLimit> limits, Refusal refusal, boolean enforced, Runnable refused) {
        this.limits = List.copyOf(limits);
        this.refusal = refusal;
        this.enforced = enforced;
        this.debits = limits.stream().anyMatch(one -> one.limit().cost().responseHeader() != null);
        this.refused = refused;
    }

    @Override
    public FilterOrder order() {
        return FilterOrder.RATE_LIMIT;
    }

    @Override
    public StageResult request(Exchange exchange) {
        LimitDecisions limitDecisions = LimitDecisions.of(limits, exchange);
        BoundLimit uncountable = limitDecisions.uncountable();
        if (uncountable != null) {
            limitDecisions.giveBack();
            refused.run();
            return enforced ? refuse(exchange, uncountable) : StageResult.NEXT;
        }
        if (limitDecisions.refusing() < 0 && !limitDecisions.isDecided()) {
            RedisQuery redisQuery = new RedisQuery(exchange, limitDecisions, this::settle);
            if (redisQuery.begin()) {
                // What is only counted does not make requests wait.
                return enforced ? StageResult.DEFERRED : StageResult.NEXT;
            }
        }
        return judge(exchange, limitDecisions);
    }

    /// Goes on with a request that was deferred, on its event loop.
    private void settle(Exchange exchange, LimitDecisions limitDecisions) {
        if (exchange.isEnded()) {
            limitDecisions.giveBack();
        } else if (judge(exchange, limitDecisions) == StageResult.NEXT && enforced) {
            exchange.resume();
        }
    }

    private StageResult judge(Exchange exchange, LimitDecisions limitDecisions) {
        int refusing = limitDecisions.refusing();
        if (refusing >= 0) {
            limitDecisions.giveBack();
            refused.run();
            return enforced ? refuse(exchange, limitDecisions, refusing) : StageResult.NEXT;
        }
        if (debits
                || enforced
                        && limitDecisions.size() > 0
                        && refusal.headers() != Refusal.HeaderStyle.NONE) {
            exchange.note(this, limitDecisions);
        }
        return StageResult.NEXT;
    }

    private static StageResult refuse(Exchange exchange, BoundLimit uncountable) {
        exchange.answer(
                LocalReply.error(
                        BAD_REQUEST,
                        "limit "
                                + uncountable.limit().name()
                                + " cannot count the request: a field came too often",
                        exchange.request()));
        return StageResult.ANSWERED;
    }

    private StageResult refuse(Exchange exchange, LimitDecisions limitDecisions, int refusing) {
        Decision decision = limitDecisions.decision(refusing);
        boolean counted = decision == null || decision.isCounted();
        exchange.note(this, limitDecisions);
        exchange.answer(
                LocalReply.error(
                        counted ? refusal.status() : SERVICE_UNAVAILABLE,
                        (counted ? "too many requests: limit " : "cannot be counted now: limit ")
                                + limitDecisions.limit(refusing).limit().name(),
                        exchange.request()));
        return StageResult.ANSWERED;
    }

    @Override
    public void response(Exchange exchange, ResponseHead head) {
        if (exchange.note(this) instanceof LimitDecisions limitDecisions) {
            int refusing = limitDecisions.refusing();
            if (refusing < 0) {
                limitDecisions.debit(head);
            }
            if (enforced) {
                describe(limitDecisions, refusing < 0 ? limitDecisions.tightest() : refusing, head);
            }
        }
    }

    private void describe(LimitDecisions limitDecisions, int index, ResponseHead head) {
        Decision decision = index < 0 ? null : limitDecisions.decision(index);
        if (decision != null) {
            new RateLimitHeaders(limitDecisions.limit(index).limit(), decision)
                    .describe(refusal, head.headers());
        }
    }
}
