package dev.sluice.net;

import dev.sluice.barrier.Barrier;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A time limit that is moved far more often than it passes. Moving it writes one field; the one
/// task behind it looks at the field when it runs and goes back to sleep for what is left.
public final class Deadline {

    private final EventLoop loop;
    private final Barrier.Owner owner;
    private final Runnable passed;
    private @Nullable ScheduledFuture<?> task;
    private long wakes;
    private long at;
    private boolean armed;

    /// @param owner of what ends when the limit passes
    /// @param passed runs on the event loop
    public Deadline(EventLoop loop, Barrier.Owner owner, Runnable passed) {
        this.loop = loop;
        this.owner = owner;
        this.passed = passed;
    }

    /// Sets the limit from now on.
    public void in(Duration duration) {
        at = System.nanoTime() + duration.toNanos();
        armed = true;
        if (task == null || wakes - at > 0) {
            sleep(duration.toNanos());
        }
    }

    /// There is no limit for now.
    public void none() {
        armed = false;
    }

    /// There is no limit any more.
    public void cancel() {
        armed = false;
        if (task != null) {
            task.cancel(false);
            task = null;
        }
    }

    private void sleep(long nanos) {
        if (task != null) {
            task.cancel(false);
        }
        wakes = System.nanoTime() + nanos;
        task = Barrier.schedule(loop, owner, this::wake, nanos);
    }

    private void wake() {
        task = null;
        if (!armed) {
            return;
        }
        long left = at - System.nanoTime();
        if (left > 0) {
            sleep(left);
        } else {
            armed = false;
            passed.run();
        }
    }
}
