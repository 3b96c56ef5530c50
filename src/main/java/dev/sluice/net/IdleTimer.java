package dev.sluice.net;

import dev.sluice.barrier.Barrier;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Looks now and then whether something was heard of what is in flight on a connection. Hearing
/// costs one field write, at the price of a limit that is met to a quarter.
public final class IdleTimer {

    private static final int LOOKS = 4;

    private final EventLoop loop;
    private final Barrier.Owner owner;
    private final long interval;
    private final Runnable look;
    private @Nullable ScheduledFuture<?> task;

    /// @param limit after which silence is too long
    /// @param owner of the connection
    /// @param look runs each quarter of it, on the event loop
    public IdleTimer(EventLoop loop, Barrier.Owner owner, Duration limit, Runnable look) {
        this.loop = loop;
        this.owner = owner;
        this.interval = Math.max(1, limit.toNanos() / LOOKS);
        this.look = look;
    }

    /// How many looks have to hear nothing before a limit has passed.
    public int checks(Duration limit) {
        return Math.clamp(limit.toNanos() / interval, LOOKS, Integer.MAX_VALUE);
    }

    /// Looks from now on.
    public void begin() {
        if (task == null) {
            task = Barrier.repeat(loop, owner, look, interval);
        }
    }

    /// Looks no more.
    public void end() {
        if (task != null) {
            task.cancel(false);
            task = null;
        }
    }
}
