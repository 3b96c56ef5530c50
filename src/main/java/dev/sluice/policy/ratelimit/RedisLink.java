package dev.sluice.policy.ratelimit;

import dev.sluice.barrier.Barrier;
import dev.sluice.observe.PolicyMeters;
import dev.sluice.observe.SluiceMeters;
import dev.sluice.redis.SupervisedRedis;
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
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Asks Redis for leases, and settles those at rest by a virtual thread. While Redis is given up,
/// requests do not ask.
public final class RedisLink implements Lease.Issuer, AutoCloseable {

    private static final Barrier.Owner OWNER = Barrier.only("ratelimit");

    private static final Duration SWEEP = Duration.ofSeconds(1);

    /// What is asked for to see whether Redis answers: a bucket that is always full.
    private static final Limit.Rate PROBE = new Limit.Rate(1_000_000, Duration.ofSeconds(1), 1000);

    private final Timer waits;
    private final List<WeakReference<User>> users = new CopyOnWriteArrayList<>();
    private final Lease probe = new Lease("sluice:limit:probe", PROBE, this);
    private final SupervisedRedis<LeaseScript> way;

    /// Whose leases it keeps.
    interface User {

        /// Nanoseconds that a request may wait.
        long patience();

        /// Gives back what keys at rest have leased, and forgets them.
        void sweep(long now);
    }

    /// @param connector makes a connection, by a thread that may wait
    public RedisLink(
            Supplier<StatefulConnection<String, String>> connector, MeterRegistry registry) {
        this.way =
                new SupervisedRedis<>(
                        new SupervisedRedis.Purpose<>(
                                "rate-limit-redis",
                                "counts global rate limits",
                                "does not count global rate limits",
                                LeaseScript::over,
                                script ->
                                        script.run(
                                                List.of(probe),
                                                List.of(new Lease.LeaseRequest(1, 1, 0, 0)))),
                        connector,
                        this::patience);
        SluiceMeters.RATE_LIMIT_REDIS.gauge(registry, this, link -> link.isUp() ? 1 : 0);
        this.waits = PolicyMeters.waits(registry);
    }

    /// A user from now on. The first one has it connect.
    void add(User user) {
        users.removeIf(one -> one.get() == null);
        users.add(new WeakReference<>(user));
        if (way.begin()) {
            Barrier.start(Thread.ofVirtual().name("rate-limit-sweep"), OWNER, this::sweep);
        }
    }

    /// A request has waited that long, in nanoseconds.
    void waited(long nanos) {
        waits.record(nanos, TimeUnit.NANOSECONDS);
    }

    boolean isUp() {
        return way.good() != null;
    }

    /// Asks for leases that nobody asks for already.
    void query(List<Lease> leases) {
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

    @Override
    public void queryAhead(Lease lease) {
        if (isUp() && lease.claim()) {
            send(List.of(lease));
        }
    }

    @Override
    public void settle(Lease lease) {
        queryAhead(lease);
    }

    private void send(List<Lease> claimed) {
        LeaseScript to = way.good();
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
        List<Lease.LeaseRequest> asks =
                leases.stream().map(lease -> lease.nextRequest(now)).toList();
        Barrier.Owner owner = Barrier.ending(OWNER.place(), () -> leases.forEach(Lease::abandon));
        Barrier.whenComplete(
                to.run(leases, asks),
                owner,
                (replies, e) -> {
                    if (replies == null || replies.size() != leases.size()) {
                        failed(leases, asks, e);
                    } else {
                        answered(leases, asks, replies);
                    }
                });
    }

    private void answered(
            List<Lease> leases, List<Lease.LeaseRequest> asks, List<Lease.LeaseGrant> replies) {
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
            way.inTime();
        }
        if (!again.isEmpty()) {
            query(again);
        }
    }

    private void failed(List<Lease> leases, List<Lease.LeaseRequest> asks, @Nullable Throwable e) {
        way.failed(String.valueOf(e == null ? "no reply" : e.getMessage()));
        for (int i = 0; i < leases.size(); i++) {
            leases.get(i).failed(asks.get(i));
        }
    }

    @Override
    public void missed() {
        way.missed();
    }

    /// The shortest time that a policy gives it.
    private long patience() {
        return users.stream()
                .map(WeakReference::get)
                .filter(Objects::nonNull)
                .mapToLong(User::patience)
                .min()
                .orElse(Global.DEFAULT.timeout().toNanos());
    }

    private void sweep() {
        while (!way.isClosed()) {
            LockSupport.parkNanos(SWEEP.toNanos());
            if (isUp()) {
                Barrier.run(OWNER, this::sweepOnce);
            }
        }
    }

    private void sweepOnce() {
        for (WeakReference<User> reference : users) {
            User user = reference.get();
            if (user != null) {
                user.sweep(System.nanoTime());
            }
        }
    }

    @Override
    public void close() {
        way.close();
    }
}
