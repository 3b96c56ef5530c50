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

    private final List<Counted> limits;
    private final List<String> keyFields;
    private final Refusal refusal;
    private final boolean enforced;
    private final boolean debits;
    private final Runnable refused;

    /// @param enforced false to let refused requests pass
    /// @param refused told of each request that does not pass, or would not
    RateLimitStage(List<Counted> limits, Refusal refusal, boolean enforced, Runnable refused) {
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

    private static List<String> keyFields(List<Counted> limits) {
        return limits.stream()
                .flatMap(counted -> counted.limit().key().stream())
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
        Tally tally = Tally.of(limits, exchange);
        if (tally.refusing() < 0 && !tally.isDecided()) {
            RedisQuery redisQuery = new RedisQuery(exchange, tally, this::settle);
            if (redisQuery.begin()) {
                // What is only counted does not make requests wait.
                return enforced ? StageResult.DEFERRED : StageResult.NEXT;
            }
        }
        return judge(exchange, tally);
    }

    /// Goes on with a request that was deferred, on its event loop.
    private void settle(Exchange exchange, Tally tally) {
        if (exchange.isEnded()) {
            tally.giveBack();
        } else if (judge(exchange, tally) == StageResult.NEXT && enforced) {
            exchange.resume();
        }
    }

    private StageResult judge(Exchange exchange, Tally tally) {
        int refusing = tally.refusing();
        if (refusing >= 0) {
            tally.giveBack();
            refused.run();
            return enforced ? refuse(exchange, tally, refusing) : StageResult.NEXT;
        }
        if (debits || enforced && tally.size() > 0 && refusal.headers() != Refusal.Fields.NONE) {
            exchange.note(this, tally);
        }
        return StageResult.NEXT;
    }

    private StageResult refuse(Exchange exchange, Tally tally, int refusing) {
        Decision decision = tally.decision(refusing);
        boolean counted = decision == null || decision.isTold();
        exchange.note(this, tally);
        exchange.answer(
                LocalReply.error(
                        counted ? refusal.status() : SERVICE_UNAVAILABLE,
                        (counted ? "too many requests: limit " : "cannot be counted now: limit ")
                                + tally.limit(refusing).limit().name(),
                        exchange.request()));
        return StageResult.ANSWERED;
    }

    @Override
    public void response(Exchange exchange, ResponseHead head) {
        if (exchange.note(this) instanceof Tally tally) {
            int refusing = tally.refusing();
            if (refusing < 0) {
                tally.debit(head);
            }
            if (enforced) {
                describe(tally, refusing < 0 ? tally.tightest() : refusing, head);
            }
        }
    }

    private void describe(Tally tally, int index, ResponseHead head) {
        Decision decision = index < 0 ? null : tally.decision(index);
        if (decision != null) {
            new LimitFields(tally.limit(index).limit(), decision).describe(refusal, head.headers());
        }
    }
}
