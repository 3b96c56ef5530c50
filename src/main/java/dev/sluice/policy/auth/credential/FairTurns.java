package dev.sluice.policy.auth.credential;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Turns at work that few may do at a time: groups have theirs one after the other, in a group its
/// members do, and the first of a member. However many turns one member waits for, another one has
/// the next. Blocks: for virtual threads.
final class FairTurns {

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Object, Map<String, ArrayDeque<CountDownLatch>>> waiting =
            new LinkedHashMap<>();

    /// Nobody waits while there are any.
    private int free;

    /// @param free turns that may be had at a time
    FairTurns(int free) {
        this.free = free;
    }

    /// Waits for a turn, which has to be given back.
    ///
    /// @return false when it did not come in time
    boolean take(Object group, String member, Duration wait) throws InterruptedException {
        CountDownLatch turn = new CountDownLatch(1);
        lock.lock();
        try {
            if (free > 0) {
                free--;
                return true;
            }
            waiting.computeIfAbsent(group, _ -> new LinkedHashMap<>())
                    .computeIfAbsent(member, _ -> new ArrayDeque<>())
                    .add(turn);
        } finally {
            lock.unlock();
        }
        try {
            return turn.await(wait.toNanos(), TimeUnit.NANOSECONDS) || !leave(group, member, turn);
        } catch (InterruptedException e) {
            if (!leave(group, member, turn)) {
                giveBack();
            }
            throw e;
        }
    }

    void giveBack() {
        lock.lock();
        try {
            CountDownLatch next = next();
            if (next == null) {
                free++;
            } else {
                next.countDown();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Whose turn it is; group and member go to the end of their lines.
    private @Nullable CountDownLatch next() {
        if (waiting.isEmpty()) {
            return null;
        }
        Object group = waiting.keySet().iterator().next();
        var members = Objects.requireNonNull(waiting.remove(group));
        String member = members.keySet().iterator().next();
        var turns = Objects.requireNonNull(members.remove(member));
        CountDownLatch next = turns.remove();
        if (!turns.isEmpty()) {
            members.put(member, turns);
        }
        if (!members.isEmpty()) {
            waiting.put(group, members);
        }
        return next;
    }

    /// @return false when it has its turn by now
    private boolean leave(Object group, String member, CountDownLatch turn) {
        lock.lock();
        try {
            Map<String, ArrayDeque<CountDownLatch>> members = waiting.get(group);
            ArrayDeque<CountDownLatch> turns = members == null ? null : members.get(member);
            if (members == null || turns == null || !turns.remove(turn)) {
                return false;
            }
            if (turns.isEmpty()) {
                members.remove(member);
            }
            if (members.isEmpty()) {
                waiting.remove(group);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }
}
