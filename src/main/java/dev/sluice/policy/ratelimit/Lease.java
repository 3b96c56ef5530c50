package dev.sluice.policy.ratelimit;

import dev.sluice.policy.ratelimit.Limit.Rate;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The share of one key's bucket in Redis that this replica may give out without asking.
///
/// Tokens are taken out of the bucket before they are given out, so that all replicas together
/// never let pass more than the limit. How many are leased follows the demand: what [#AHEAD] needs
/// at the pace since the last call, and never more than a part of what is free, so that a small or
/// nearly empty bucket is not taken by one replica. A key that is asked for seldom has no lease at
/// all. When the bucket is empty, that is kept in mind until there is a token again, and at least
/// for [#HOLD]: clients that go on asking cost no call each. A lease at rest gives its tokens back.
///
/// One call is on its way at a time; requests that find no token meanwhile wait in a queue, and
/// what the call brings is theirs first.
final class Lease {

    private static final long AHEAD = Duration.ofMillis(100).toNanos();

    /// The pace over less than this says nothing.
    private static final long SHORTEST = Duration.ofMillis(5).toNanos();

    private static final long HOLD = Duration.ofMillis(10).toNanos();

    /// An empty bucket is asked for again after this: other replicas may give back.
    private static final long LONGEST_HOLD = Duration.ofSeconds(1).toNanos();

    private static final long REST = Duration.ofSeconds(1).toNanos();
    private static final long FORGOTTEN = Duration.ofSeconds(10).toNanos();

    private final String key;
    private final Rate rate;
    private final Issuer issuer;
    private final AtomicLong tokens = new AtomicLong();
    private final AtomicLong owed = new AtomicLong();
    private final AtomicBoolean asking = new AtomicBoolean();
    private final ConcurrentLinkedQueue<Waiter> waiters = new ConcurrentLinkedQueue<>();
    private volatile LeaseSnapshot snapshot;
    private volatile long used;
    private volatile boolean late;

    /// What Redis said last.
    ///
    /// @param at nanoseconds of the monotonic clock, as the others
    /// @param leased tokens that were at hand then
    /// @param remaining that were left in the bucket
    /// @param full when the bucket will be
    /// @param refusedUntil when to ask again; `at` while there are tokens
    private record LeaseSnapshot(
            long at, long leased, long remaining, long full, long refusedUntil) {}

    /// What is asked for.
    ///
    /// @param least tokens that the first who waits needs: fewer are of no use
    /// @param need tokens that all who wait need
    /// @param ahead tokens beyond these
    /// @param debit tokens to take in any case; less than 0 gives back
    record LeaseRequest(long least, long need, long ahead, long debit) {}

    /// What Redis says.
    ///
    /// @param granted tokens
    /// @param remaining tokens that are left
    /// @param reset nanoseconds until the bucket is full
    /// @param after nanoseconds until `least` would be granted, 0 when they were
    record LeaseGrant(long granted, long remaining, long reset, long after) {}

    /// Where tokens are leased.
    interface Issuer {

        /// Asks before the tokens at hand are used up.
        void queryAhead(Lease lease);

        /// Gives back, or takes what is owed.
        void settle(Lease lease);

        /// A call took too long for those who wait.
        void missed();
    }

    Lease(String key, Rate rate, Issuer issuer) {
        this.key = key;
        this.rate = rate;
        this.issuer = issuer;
        long now = System.nanoTime();
        this.used = now;
        this.snapshot = new LeaseSnapshot(now - REST, 0, 0, now, now);
    }

    String key() {
        return key;
    }

    Rate rate() {
        return rate;
    }

    /// @return null when Redis has to be asked
    @Nullable Decision take(long now, long cost) {
        if (now - used > HOLD) {
            used = now;
        }
        LeaseSnapshot last = snapshot;
        long left = take(cost);
        if (left >= 0) {
            if (left < last.leased() / 4) {
                issuer.queryAhead(this);
            }
            return passed(last, now, left);
        }
        if (cost > rate.burst()) {
            return new Decision(false, 0, reset(last, now), Math.max(1, rate.size()));
        }
        return now - last.refusedUntil() < 0 ? refused(last, now) : null;
    }

    /// @return tokens that are left; -1 when there were not enough
    private long take(long cost) {
        while (true) {
            long before = tokens.get();
            if (before < cost) {
                return -1;
            }
            if (tokens.compareAndSet(before, before - cost)) {
                return before - cost;
            }
        }
    }

    private static Decision passed(LeaseSnapshot last, long now, long left) {
        return new Decision(true, last.remaining() + left, reset(last, now), 0);
    }

    private static Decision refused(LeaseSnapshot last, long now) {
        return new Decision(false, 0, reset(last, now), Math.max(1, last.refusedUntil() - now));
    }

    private static long reset(LeaseSnapshot last, long now) {
        return Math.max(0, last.full() - now);
    }

    void giveBack(long cost) {
        tokens.addAndGet(cost);
    }

    /// Takes also what is not there; what this replica has not leased is settled with the next
    /// call.
    void debit(long cost) {
        long most = Math.min(cost, 2 * rate.burst());
        long before = tokens.getAndUpdate(left -> Math.max(0, left - most));
        if (before < most) {
            owed.addAndGet(most - before);
        }
    }

    void enqueue(Waiter waiter) {
        waiters.add(waiter);
    }

    /// A call took too long for one who waits.
    void missed() {
        if (!late && asking.get()) {
            late = true;
            issuer.missed();
        }
    }

    /// Whether a call is on its way that takes too long: nobody else should wait for it.
    boolean isLate() {
        return late && asking.get();
    }

    /// Whether the caller is now the one who asks.
    boolean claim() {
        return asking.compareAndSet(false, true);
    }

    /// Whether someone waits, and nobody asks.
    boolean isWanted() {
        return !waiters.isEmpty() && !asking.get();
    }

    /// Called by the one who asks.
    LeaseRequest nextRequest(long now) {
        late = false;
        long least = 0;
        long need = 0;
        for (Waiter waiter : waiters) {
            if (waiter.isWaiting()) {
                least = need == 0 ? waiter.cost() : least;
                need += waiter.cost();
            }
        }
        LeaseSnapshot last = snapshot;
        long consumed = Math.max(0, last.leased() - tokens.get()) + need;
        long pace = Math.max(now - last.at(), SHORTEST);
        long ahead = (long) ((double) consumed * AHEAD / pace);
        return new LeaseRequest(least, need, Math.min(ahead, rate.burst()), owed.getAndSet(0));
    }

    /// Called by the one who asks, who asks no more then.
    void answered(LeaseRequest leaseRequest, LeaseGrant leaseGrant, long now) {
        long left = leaseGrant.granted();
        boolean empty = left < leaseRequest.need();
        long hold =
                Math.max(
                        Math.min(leaseGrant.after(), LONGEST_HOLD),
                        Math.min(HOLD, rate.size() / 4));
        long until = empty ? now + hold : now;
        LeaseSnapshot next =
                new LeaseSnapshot(
                        now, left, leaseGrant.remaining(), now + leaseGrant.reset(), until);
        Waiter waiter = waiters.peek();
        while (waiter != null && (empty || waiter.cost() <= left)) {
            waiters.remove();
            if (waiter.cost() > left) {
                waiter.answer(refused(next, now));
            } else if (waiter.answer(passed(next, now, left - waiter.cost()))) {
                left -= waiter.cost();
            }
            waiter = waiters.peek();
        }
        long leased = tokens.addAndGet(left);
        snapshot =
                new LeaseSnapshot(
                        now, leased, leaseGrant.remaining(), now + leaseGrant.reset(), until);
        asking.set(false);
    }

    /// Called by the one who asks, who asks no more then: there was no answer.
    void failed(LeaseRequest leaseRequest) {
        owed.addAndGet(leaseRequest.debit());
        abandon();
    }

    /// Nobody can be asked.
    void abandon() {
        for (Waiter waiter = waiters.poll(); waiter != null; waiter = waiters.poll()) {
            waiter.fail();
        }
        asking.set(false);
    }

    /// Gives back what a lease at rest has.
    ///
    /// @return whether it can be forgotten
    boolean settle(long now) {
        if (now - used < REST || !waiters.isEmpty() || asking.get()) {
            return false;
        }
        owed.addAndGet(-tokens.getAndSet(0));
        if (owed.get() != 0) {
            issuer.settle(this);
            return false;
        }
        return now - used > FORGOTTEN;
    }
}
