package dev.sluice.policy.auth.credential;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// The order of turns, and what becomes of those that nobody waits for any more.
class FairTurnsTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private final FairTurns turns = new FairTurns(1);
    private final BlockingQueue<String> served = new LinkedBlockingQueue<>();
    private final List<Thread> threads = new ArrayList<>();

    private void waits(String group, String member) {
        Thread thread =
                new Thread(() -> {
                    try {
                        served.add(group + member + turns.take(group, member, LONG));
                    } catch (InterruptedException e) {
                        served.add("interrupted");
                    }
                });
        threads.add(thread);
        thread.start();
        Awaitility.await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
    }

    private String next() throws InterruptedException {
        turns.giveBack();
        return String.valueOf(served.poll(20, TimeUnit.SECONDS));
    }

    @Test
    void groupsAndMembers_haveTurnsOneAfterTheOther() throws Exception {
        assertThat(turns.take("A", "x", LONG)).isTrue();
        waits("A", "x");
        waits("A", "x");
        waits("A", "x");
        waits("A", "y");
        waits("B", "z");
        assertThat(next()).isEqualTo("Axtrue");
        assertThat(next()).isEqualTo("Bztrue");
        assertThat(next()).isEqualTo("Aytrue");
        assertThat(next()).isEqualTo("Axtrue");
        assertThat(next()).isEqualTo("Axtrue");
        turns.giveBack();
        assertThat(turns.take("C", "z", LONG)).isTrue();
    }

    @Test
    void turnsThatNobodyWaitsForAnyMore_goToOthers() throws Exception {
        assertThat(turns.take("A", "x", LONG)).isTrue();
        assertThat(turns.take("A", "y", Duration.ofMillis(1))).isFalse();
        waits("A", "x");
        threads.getFirst().interrupt();
        assertThat(served.poll(20, TimeUnit.SECONDS)).isEqualTo("interrupted");
        waits("B", "z");
        assertThat(next()).isEqualTo("Bztrue");
    }
}
