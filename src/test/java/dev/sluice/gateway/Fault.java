package dev.sluice.gateway;

import dev.sluice.barrier.Barrier;
import dev.sluice.engine.Exchange;
import dev.sluice.engine.FilterOrder;
import dev.sluice.engine.Guard;
import dev.sluice.engine.LocalReply;
import dev.sluice.engine.Observer;
import dev.sluice.engine.PolicyStages;
import dev.sluice.engine.RulePolicies;
import dev.sluice.engine.Stage;
import dev.sluice.http.Failure;
import dev.sluice.http.ResponseHead;
import dev.sluice.ir.AttachedPolicy;
import dev.sluice.ir.PolicySection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Code of ours that fails for requests with the field `x-fail`, in one position, with one error.
final class Fault implements Stage, Guard, Observer {

    /// Where it fails.
    enum Position {
        STAGE_REQUEST,
        STAGE_RESPONSE,
        STAGE_BODY,
        STAGE_LATER,
        STAGE_TIMER,
        STAGE_RESUMED,
        GUARD_ENTER,
        GUARD_ENDED,
        GUARD_DONE,
        OBSERVER_BEGAN,
        OBSERVER_ENDED;

        /// Whether it is only notified, and so must not change the response.
        boolean isNotified() {
            return switch (this) {
                case GUARD_ENDED, GUARD_DONE, OBSERVER_BEGAN, OBSERVER_ENDED -> true;
                case STAGE_REQUEST,
                        STAGE_RESPONSE,
                        STAGE_BODY,
                        STAGE_LATER,
                        STAGE_TIMER,
                        STAGE_RESUMED,
                        GUARD_ENTER ->
                        false;
            };
        }
    }

    /// With what it fails.
    enum Unexpected {
        RUNTIME_EXCEPTION,
        STACK_OVERFLOW,
        LINKAGE_ERROR;

        void fail() {
            switch (this) {
                case RUNTIME_EXCEPTION -> throw new IllegalStateException("a fault");
                case STACK_OVERFLOW -> throw new StackOverflowError("a fault");
                case LINKAGE_ERROR -> throw new NoClassDefFoundError("a fault");
            }
        }
    }

    /// What the policy of a faulty rule says.
    record Section() implements PolicySection {}

    private static final String KIND = "FaultPolicy";

    private final Position position;
    private final Unexpected error;
    private final AtomicBoolean entered = new AtomicBoolean();

    /// @param position where
    /// @param error with what
    Fault(Position position, Unexpected error) {
        this.position = position;
        this.error = error;
    }

    static AttachedPolicy policy() {
        return new AttachedPolicy(
                KIND, "fault", AttachedPolicy.Mode.ENFORCE, "test/fault", "rule", new Section());
    }

    RulePolicies policies() {
        PolicyStages stages =
                new PolicyStages() {
                    @Override
                    public List<Stage> stages(Map<String, AttachedPolicy> sections) {
                        return List.of(Fault.this);
                    }

                    @Override
                    public FilterOrder order(String section) {
                        return Fault.this.order();
                    }
                };
        return new RulePolicies(Map.of(KIND, stages), Map.of(KIND, (_, _) -> this));
    }

    /// Errors that barriers have caught since the last call.
    static Queue<Throwable> reports() {
        Queue<Throwable> reports = new ConcurrentLinkedQueue<>();
        Barrier.reportTo((_, error) -> reports.add(error));
        return reports;
    }

    private static boolean isMeant(Exchange exchange) {
        return exchange.request().headers().contains("x-fail");
    }

    private void failAt(Position at) {
        if (position == at) {
            error.fail();
        }
    }

    @Override
    public FilterOrder order() {
        return FilterOrder.AUTHENTICATION;
    }

    @Override
    public StageResult request(Exchange exchange) {
        if (!isMeant(exchange)) {
            return StageResult.NEXT;
        }
        return switch (position) {
            case STAGE_REQUEST -> {
                error.fail();
                yield StageResult.NEXT;
            }
            case STAGE_BODY -> {
                exchange.awaitBody(1024, _ -> error.fail());
                yield StageResult.DEFERRED;
            }
            case STAGE_LATER -> {
                exchange.execute(error::fail);
                yield StageResult.DEFERRED;
            }
            case STAGE_TIMER -> {
                var _ = exchange.schedule(error::fail, 1_000_000);
                yield StageResult.DEFERRED;
            }
            case STAGE_RESUMED -> {
                exchange.execute(() -> {
                    exchange.resume();
                    error.fail();
                });
                yield StageResult.DEFERRED;
            }
            case STAGE_RESPONSE,
                    GUARD_ENTER,
                    GUARD_ENDED,
                    GUARD_DONE,
                    OBSERVER_BEGAN,
                    OBSERVER_ENDED ->
                    StageResult.NEXT;
        };
    }

    @Override
    public void response(Exchange exchange, ResponseHead head) {
        if (isMeant(exchange)) {
            failAt(Position.STAGE_RESPONSE);
        }
    }

    @Override
    public @Nullable LocalReply enter(Exchange exchange) {
        if (isMeant(exchange)) {
            entered.set(true);
            failAt(Position.GUARD_ENTER);
        }
        return null;
    }

    @Override
    public void ended(int status, @Nullable Failure failure, long nanos) {
        failOnceAt(Position.GUARD_ENDED);
    }

    @Override
    public void done() {
        failOnceAt(Position.GUARD_DONE);
    }

    /// A guard is not told of which request; the contract sends no other while one is to fail.
    private void failOnceAt(Position at) {
        if (position == at && entered.getAndSet(false)) {
            error.fail();
        }
    }

    @Override
    public void began(Exchange exchange) {
        if (isMeant(exchange)) {
            failAt(Position.OBSERVER_BEGAN);
        }
    }

    @Override
    public void ended(Exchange exchange, int status) {
        if (isMeant(exchange)) {
            failAt(Position.OBSERVER_ENDED);
        }
    }
}
