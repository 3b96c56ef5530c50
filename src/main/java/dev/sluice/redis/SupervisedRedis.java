package dev.sluice.redis;

import dev.sluice.barrier.Barrier;
import io.lettuce.core.api.StatefulConnection;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A connection to Redis for one purpose, and whether it is good.
///
/// It is given up when a call fails, or when [#MISSES] calls in turn were too late for those who
/// waited. While it is given up, nobody asks; a virtual thread tries four times a second whether
/// Redis answers in time, and takes a new connection where the old one stays silent: it may lead to
/// a server that is stopped, or is a replica by now.
///
/// @param <C> the commands that the purpose needs
public final class SupervisedRedis<C> implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SupervisedRedis.class);

    private static final int MISSES = 3;
    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final int TRIES = 5;
    private static final Duration QUIET = Duration.ofSeconds(10);
    private static final Duration SILENCE = Duration.ofSeconds(2);

    private final Purpose<C> purpose;
    private final Supplier<StatefulConnection<String, String>> connector;
    private final LongSupplier patience;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final AtomicBoolean healing = new AtomicBoolean();
    private final AtomicInteger misses = new AtomicInteger();
    private final CountDownLatch tried = new CountDownLatch(1);
    private volatile @Nullable C good;
    private volatile boolean closed;

    /// Touched by the virtual thread that heals, of which there is one at a time.
    private volatile @Nullable StatefulConnection<String, String> connection;

    private long connected;
    private long loggedAt = System.nanoTime() - QUIET.toNanos();

    /// What Redis is for.
    ///
    /// @param thread name of the thread that heals
    /// @param does what Redis does, for the log
    /// @param doesNot the same while it is away
    /// @param over makes commands of a connection
    /// @param probe a call that works where the others do
    public record Purpose<C>(
            String thread,
            String does,
            String doesNot,
            Function<StatefulConnection<String, String>, C> over,
            Function<C, CompletionStage<?>> probe) {}

    /// @param connector makes a connection, by a thread that may wait
    /// @param patience nanoseconds in which Redis has to answer
    public SupervisedRedis(
            Purpose<C> purpose,
            Supplier<StatefulConnection<String, String>> connector,
            LongSupplier patience) {
        this.purpose = purpose;
        this.connector = connector;
        this.patience = patience;
    }

    /// Has it connect, unless it has been called before.
    ///
    /// @return whether it was the first time
    public boolean begin() {
        boolean first = begun.compareAndSet(false, true);
        if (first) {
            heal("not connected yet", true);
        }
        return first;
    }

    /// Waits until it has tried once to connect.
    ///
    /// @param most how long
    public void awaitFirstTry(Duration most) {
        try {
            boolean _ = tried.await(most.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// The commands, null while nobody shall ask.
    public @Nullable C good() {
        return good;
    }

    /// A call was answered in time.
    public void inTime() {
        misses.set(0);
    }

    /// A call took too long for those who wait.
    public void missed() {
        if (misses.incrementAndGet() >= MISSES) {
            failed("no answer in time");
        }
    }

    /// A call failed.
    ///
    /// @param why for the log
    public void failed(String why) {
        if (good != null) {
            good = null;
            heal(why, false);
        }
    }

    private void heal(String why, boolean first) {
        if (!closed && healing.compareAndSet(false, true)) {
            Barrier.start(
                    Thread.ofVirtual().name(purpose.thread()),
                    Barrier.ending("redis", () -> healing.set(false)),
                    () -> tryUntilUp(why, first));
        }
    }

    private void tryUntilUp(String why, boolean first) {
        String reason = why;
        boolean told = false;
        while (!closed) {
            try {
                C next = connected();
                if (answersInTime(next)) {
                    misses.set(0);
                    healing.set(false);
                    good = next;
                    if (told || first) {
                        log.info("Redis {}{}", purpose.does(), first ? "" : " again");
                    }
                    tried.countDown();
                    return;
                }
            } catch (Exception e) {
                reason = String.valueOf(e.getMessage());
            } catch (Throwable e) {
                Barrier.report("redis", e);
                reason = String.valueOf(e);
            }
            tried.countDown();
            if (!told && System.nanoTime() - loggedAt >= QUIET.toNanos()) {
                told = true;
                loggedAt = System.nanoTime();
                log.warn("Redis {}: {}", purpose.doesNot(), reason);
            }
            if (System.nanoTime() - connected > SILENCE.toNanos()) {
                disconnect();
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        disconnect();
    }

    private C connected() {
        StatefulConnection<String, String> known = connection;
        if (known == null) {
            known = connector.get();
            connection = known;
            connected = System.nanoTime();
        }
        return purpose.over().apply(known);
    }

    private boolean answersInTime(C over) throws Exception {
        // The first call of a connection may have to load a script, or to find the way.
        for (int call = 0; call < TRIES; call++) {
            long start = System.nanoTime();
            Object _ =
                    purpose.probe()
                            .apply(over)
                            .toCompletableFuture()
                            .get(SILENCE.toMillis() / 2, TimeUnit.MILLISECONDS);
            if (System.nanoTime() - start <= patience.getAsLong()) {
                return true;
            }
        }
        return false;
    }

    private void disconnect() {
        StatefulConnection<String, String> gone = connection;
        connection = null;
        if (gone != null) {
            gone.closeAsync();
        }
    }

    /// Whether it is closed.
    public boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
        good = null;
        StatefulConnection<String, String> gone = connection;
        if (gone != null && healing.compareAndSet(false, true)) {
            gone.close();
        }
    }
}
