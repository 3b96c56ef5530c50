package dev.sluice.policy.ratelimit;

import dev.sluice.engine.Exchange;
import dev.sluice.engine.FilterOrder;
import dev.sluice.engine.LocalReply;
import dev.sluice.engine.Stage;
import dev.sluice.http.ResponseHead;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Lets requests pass that every limit lets pass.
final class RateLimitStage implements Stage {

    private static final int SERVICE_UNAVAILABLE = 503;

    private static final int BAD_REQUEST = 400;

    private final List<BoundLimit> limits;
    private final List<String> keyFields;
    private final Refusal refusal;
    private final boolean enforced;
    private final boolean debits;
    private final Runnable refused;

    /// @param enforced false to let refused requests pass
    /// @param refused notified of each request that does not pass, or would not
    RateLimitStage(List<BoundLimit> limits, Refusal refusal, boolean enforced, Runnable refused) {
        this.limits = List.copyOf(limits);
        this.keyFields = keyFields(limits);
        this.refusal = refusal;
        this.enforced = enforced;
        this.debits = limits.stream().anyMatch(one -> one.limit().cost().responseHeader() != null);
        this.refused = refused;
    }

    @Override
    public FilterOrder order() {
        return FilterOrder.RATE_LIMIT;
    }

    private static List<String> keyFields(List<BoundLimit> limits) {
        return limits.stream()
                .flatMap(boundLimit -> boundLimit.limit().key().stream())
                .filter(Limit.KeyPart.Header.class::isInstance)
                .map(part -> ((Limit.KeyPart.Header) part).name())
                .distinct()
                .toList();
    }

    /// A field to count by that came several times: by which value the backend goes is not known,
    /// and each one would be a way around the limit.
    private @Nullable String ambiguous(Exchange exchange) {
        for (String name : keyFields) {
            if (exchange.request().headers().getAll(name).size() > 1) {
                return name;
            }
        }
        return null;
    }

    @Override
    public StageResult request(Exchange exchange) {
        String several = enforced && !keyFields.isEmpty() ? ambiguous(exchange) : null;
        if (several != null) {
            exchange.answer(
                    LocalReply.error(
                            BAD_REQUEST,
                            "there are several fields " + several,
                            exchange.request()));
            return StageResult.ANSWERED;
        }
        LimitDecisions limitDecisions = LimitDecisions.of(limits, exchange);
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
