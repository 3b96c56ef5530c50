package dev.sluice.policy.auth.authentication;

import dev.sluice.engine.Exchange;
import dev.sluice.engine.LocalReply;
import dev.sluice.engine.Stage.StageResult;
import dev.sluice.ir.AttachedPolicy;
import dev.sluice.policy.PolicyCounter;
import dev.sluice.policy.PolicySeries;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Refuses requests in the name of a policy, or reports that it would have.
public final class Refusals {

    private static final Logger log = LoggerFactory.getLogger(Refusals.class);

    /// Nanoseconds between two lines of a policy in the log.
    private static final long PAUSE = 1_000_000_000;

    private final String policy;
    private final boolean enforced;
    private final PolicyCounter counter;
    private final AtomicLong nextLine = new AtomicLong(System.nanoTime());
    private final AtomicLong unsaid = new AtomicLong();

    public Refusals(PolicySeries series, AttachedPolicy policy) {
        this.policy = policy.kind() + " " + policy.policy();
        this.enforced = policy.mode() == AttachedPolicy.Mode.ENFORCE;
        this.counter = series.refused(this.policy, enforced);
    }

    /// Whether requests are refused, and not only counted.
    boolean enforced() {
        return enforced;
    }

    /// Answers, unless the policy only counts.
    ///
    /// @param challenges values of `WWW-Authenticate`
    public StageResult refuse(
            Exchange exchange, int status, String reason, List<String> challenges) {
        counter.increment();
        if (!enforced) {
            report(exchange, status, reason);
            return StageResult.NEXT;
        }
        LocalReply localReply = LocalReply.error(status, reason, exchange.request());
        if (!challenges.isEmpty()) {
            localReply.head().headers().add(HttpHeaderNames.WWW_AUTHENTICATE, challenges);
        }
        exchange.answer(localReply);
        return StageResult.ANSWERED;
    }

    /// Answers in the place of the backend, unless the policy only counts.
    StageResult answer(Exchange exchange, LocalReply localReply) {
        if (!enforced) {
            counter.increment();
            report(exchange, localReply.head().status(), "answered by the policy");
            return StageResult.NEXT;
        }
        exchange.answer(localReply);
        return StageResult.ANSWERED;
    }

    private void report(Exchange exchange, int status, String reason) {
        long now = System.nanoTime();
        long due = nextLine.get();
        if (now - due < 0 || !nextLine.compareAndSet(due, now + PAUSE)) {
            unsaid.incrementAndGet();
            return;
        }
        log.info(
                "{} would have refused {} {}{}: {} {} (and {} before)",
                policy,
                exchange.method(),
                exchange.host(),
                exchange.path(),
                status,
                reason,
                unsaid.getAndSet(0));
    }
}
