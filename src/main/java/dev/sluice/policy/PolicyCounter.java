package dev.sluice.policy;

import io.micrometer.core.instrument.Counter;

/// The counter of a series of a policy, which is there for as long as somebody holds this.
public final class PolicyCounter {

    private final Counter counter;

    public PolicyCounter(Counter counter) {
        this.counter = counter;
    }

    /// Counts one.
    public void increment() {
        counter.increment();
    }
}
