package dev.sluice.upstream;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// Values by their weights. Each draw is on its own, so that the shares hold over connections and
/// event loops.
public final class WeightedChoice<T> {

    private final List<T> values;
    private final long[] upTo;
    private final long total;

    /// @param weight of a value, 0 or more
    public WeightedChoice(List<? extends T> values, ToLongFunction<? super T> weight) {
        this.values = List.copyOf(values);
        this.upTo = new long[this.values.size()];
        long sum = 0;
        for (int i = 0; i < upTo.length; i++) {
            sum += weight.applyAsLong(this.values.get(i));
            upTo[i] = sum;
        }
        this.total = sum;
    }

    public List<T> values() {
        return values;
    }

    /// One by its share; null when none has a weight above 0.
    public @Nullable T pick() {
        if (total == 0) {
            return null;
        }
        if (upTo.length == 1) {
            return values.getFirst();
        }
        long draw = ThreadLocalRandom.current().nextLong(total);
        int i = 0;
        while (draw >= upTo[i]) {
            i++;
        }
        return values.get(i);
    }
}
