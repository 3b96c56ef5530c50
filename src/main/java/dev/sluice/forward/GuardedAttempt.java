package dev.sluice.forward;

import dev.sluice.barrier.Barrier;
import dev.sluice.engine.Exchange;
import dev.sluice.engine.Guard;
import dev.sluice.engine.LocalReply;
import dev.sluice.http.Failure;
import org.jspecify.annotations.Nullable;

/// The tries of one request under the [Guard] of its backend: reports each end to it once. A guard
/// that fails to let a try pass fails the request; what it learns afterwards changes nothing for
/// the request.
final class GuardedAttempt {

    /// Of backends without a guard.
    static final GuardedAttempt NONE = new GuardedAttempt(null);

    private static final Barrier.Owner GUARD = Barrier.only("guard");

    private final @Nullable Guard guard;
    private boolean undecided;
    private boolean open;
    private long sent;

    private GuardedAttempt(@Nullable Guard guard) {
        this.guard = guard;
    }

    static GuardedAttempt of(@Nullable Guard guard) {
        return guard == null ? NONE : new GuardedAttempt(guard);
    }

    /// Whether anybody watches.
    boolean isOn() {
        return guard != null;
    }

    /// Begins a try, or answers in its place.
    @Nullable LocalReply enter(Exchange exchange) {
        if (guard == null) {
            return null;
        }
        LocalReply instead = guard.enter(exchange);
        open = instead == null;
        undecided = open;
        return instead;
    }

    /// How long the try has to wait, in nanoseconds.
    long delay(Exchange exchange) {
        return guard == null ? 0 : guard.delay(exchange);
    }

    /// The try goes to the backend now.
    void sent() {
        if (guard != null) {
            sent = System.nanoTime();
        }
    }

    /// A response has begun.
    void answered(int status) {
        ended(status, null);
    }

    /// There will be no response.
    void failed(Failure failure) {
        ended(failure.status(), failure);
    }

    private void ended(int status, @Nullable Failure failure) {
        if (guard != null && undecided) {
            undecided = false;
            long nanos = System.nanoTime() - sent;
            Barrier.run(GUARD, () -> guard.ended(status, failure, nanos));
        }
    }

    /// Nobody waits for the try any more.
    void left() {
        if (guard != null && undecided) {
            undecided = false;
            Barrier.run(GUARD, guard::left);
        }
    }

    /// The last byte of the try has passed, or it was given up.
    void done() {
        if (guard != null && open) {
            open = false;
            Barrier.run(GUARD, guard::done);
        }
    }
}
