package dev.sluice.policy.ratelimit;

import dev.sluice.observe.SluiceMeters;
import io.lettuce.core.api.StatefulConnection;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The way to Redis, and whether it is good.
///
/// It is given up when a connection breaks, or when [#MISSES] calls in turn were too late for those who
/// waited. While it is given up, requests do not ask; a virtual thread tries four times a second whether Redis
/// answers as fast as policies ask for, and takes a new connection where the old one stays silent: it may
/// lead to a server that is stopped, or is a replica by now. Another one settles leases at rest.
public final class RedisLink implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RedisLink.class);

    private static final int MISSES = 3;
    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final int TRIES = 5;
    private static final Duration QUIET = Duration.ofSeconds(10);
    private static final Duration SILENCE = Duration.ofSeconds(2);
    private static final Duration SWEEP = Duration.ofSeconds(1);

    /// What is asked for to see whether Redis answers: a bucket that is always full.
    private static final Limit.Rate PROBE = new Limit.Rate(1_000_000, Duration.ofSeconds(1), 1000);

    private final Supplier<StatefulConnection<String, String>> connector;
    private final Timer waits;
    private final List<WeakReference<GlobalLimiter>> limiters = new CopyOnWriteArrayList<>();
    private final AtomicBoolean begun = new AtomicBoolean();
    private final AtomicBoolean healing = new AtomicBoolean();
    private final AtomicInteger misses = new AtomicInteger();
    private final Lease probe = new Lease("sluice:limit:probe", PROBE, this);
    private volatile @Nullable LeaseScript script;
    private volatile boolean closed;

    /// Touched by the virtual thread that heals, of which there is one at a time.
    private volatile @Nullable StatefulConnection<String, String> connection;

    private long connected;
    private long loggedAt = System.nanoTime() - QUIET.toNanos();

    /// @param connector makes a connection, by a thread that may wait
    public RedisLink(
            Supplier<StatefulConnection<String, String>> connector, MeterRegistry registry) {
        this.connector = connector;
        SluiceMeters.RATE_LIMIT_REDIS.gauge(registry, this, link -> link.isUp() ? 1 : 0);
        this.waits = SluiceMeters.waits(registry);
    }

    /// A limiter that uses it from now on. The first one has it connect.
    void add(GlobalLimiter limiter) {
        limiters.removeIf(one -> one.get() == null);
        limiters.add(new WeakReference<>(limiter));
        if (begun.compareAndSet(false, true)) {
            heal("not connected yet", true);
            Thread.ofVirtual().name("rate-limit-sweep").start(this::sweep);
        }
    }

    /// A request has waited that long, in nanoseconds.
    void waited(long nanos) {
        waits.record(nanos, TimeUnit.NANOSECONDS);
    }

    boolean isUp() {
        return script != null;
    }

    /// Asks for leases that nobody asks for already.
    void ask(List<Lease> leases) {
        List<Lease> claimed = new ArrayList<>(leases.size());
        for (Lease lease : leases) {
            if (lease.claim()) {
                claimed.add(lease);
            }
        }
        if (!claimed.isEmpty()) {
            send(claimed);
        }
    }

    /// Asks before the tokens at hand are used up.
    void askAhead(Lease lease) {
        if (isUp() && lease.claim()) {
            send(List.of(lease));
        }
    }

    /// Gives back, or takes what is owed.
    void settle(Lease lease) {
        askAhead(lease);
    }

    private void send(List<Lease> claimed) {
        LeaseScript to = script;
        if (to == null) {
            claimed.forEach(Lease::abandon);
            return;
        }
        int most = to.most();
        for (int from = 0; from < claimed.size(); from += Math.min(most, claimed.size())) {
            int end = Math.min(claimed.size(), from + Math.min(most, claimed.size()));
            call(to, claimed.subList(from, end));
        }
    }

    private void call(LeaseScript to, List<Lease> leases) {
        long now = System.nanoTime();
        List<Lease.Ask> asks = leases.stream().map(lease -> lease.ask(now)).toList();
        to.run(leases, asks)
                .whenComplete((replies, e) -> {
                    if (replies == null || replies.size() != leases.size()) {
                        failed(leases, asks, e);
                    } else {
                        answered(leases, asks, replies);
                    }
                });
    }

    private void answered(List<Lease> leases, List<Lease.Ask> asks, List<Lease.Reply> replies) {
        long now = System.nanoTime();
        List<Lease> again = new ArrayList<>(0);
        boolean late = false;
        for (int i = 0; i < leases.size(); i++) {
            Lease lease = leases.get(i);
            late |= lease.isLate();
            lease.answered(asks.get(i), replies.get(i), now);
            if (lease.isWanted()) {
                again.add(lease);
            }
        }
        if (!late) {
            misses.set(0);
        }
        if (!again.isEmpty()) {
            ask(again);
        }
    }

    private void failed(List<Lease> leases, List<Lease.Ask> asks, @Nullable Throwable e) {
        giveUp(String.valueOf(e == null ? "no reply" : e.getMessage()));
        for (int i = 0; i < leases.size(); i++) {
            leases.get(i).failed(asks.get(i));
        }
    }

    /// A call took too long for those who wait.
    void missed() {
        if (misses.incrementAndGet() >= MISSES) {
            giveUp("no answer in time");
        }
    }

    private void giveUp(String why) {
        if (script != null) {
            script = null;
            heal(why, false);
        }
    }

    private void heal(String why, boolean first) {
        if (!closed && healing.compareAndSet(false, true)) {
            Thread.ofVirtual().name("rate-limit-redis").start(() -> tryUntilUp(why, first));
        }
    }

    private void tryUntilUp(String why, boolean first) {
        String reason = why;
        boolean told = false;
        while (!closed) {
            try {
                LeaseScript next = connected();
                if (answersInTime(next)) {
                    misses.set(0);
                    healing.set(false);
                    script = next;
                    if (told || first) {
                        log.info("Redis counts global rate limits{}", first ? "" : " again");
                    }
                    return;
                }
            } catch (Exception e) {
                reason = String.valueOf(e.getMessage());
            }
            if (!told && System.nanoTime() - loggedAt >= QUIET.toNanos()) {
                told = true;
                loggedAt = System.nanoTime();
                log.warn("Redis does not count global rate limits: {}", reason);
            }
            if (System.nanoTime() - connected > SILENCE.toNanos()) {
                disconnect();
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        disconnect();
    }

    private LeaseScript connected() {
        StatefulConnection<String, String> known = connection;
        if (known == null) {
            known = connector.get();
            connection = known;
            connected = System.nanoTime();
        }
        return LeaseScript.over(known);
    }

    private boolean answersInTime(LeaseScript over) throws Exception {
        // The first call of a connection may have to load the script, or to find the way.
        for (int call = 0; call < TRIES; call++) {
            long start = System.nanoTime();
            over.run(List.of(probe), List.of(new Lease.Ask(1, 1, 0, 0)))
                    .toCompletableFuture()
                    .get(SILENCE.toMillis() / 2, TimeUnit.MILLISECONDS);
            if (System.nanoTime() - start <= patience()) {
                return true;
            }
        }
        return false;
    }

    /// The shortest time that a policy gives it.
    private long patience() {
        return limiters.stream()
                .map(WeakReference::get)
                .filter(Objects::nonNull)
                .mapToLong(GlobalLimiter::patience)
                .min()
                .orElse(Global.DEFAULT.timeout().toNanos());
    }

    private void disconnect() {
        StatefulConnection<String, String> gone = connection;
        connection = null;
        if (gone != null) {
            gone.closeAsync();
        }
    }

    private void sweep() {
        while (!closed) {
            LockSupport.parkNanos(SWEEP.toNanos());
            if (isUp()) {
                for (WeakReference<GlobalLimiter> reference : limiters) {
                    GlobalLimiter limiter = reference.get();
                    if (limiter != null) {
                        limiter.sweep(System.nanoTime());
                    }
                }
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        script = null;
        StatefulConnection<String, String> gone = connection;
        if (gone != null && healing.compareAndSet(false, true)) {
            gone.close();
        }
    }
}
