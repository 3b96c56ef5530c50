package dev.sluice.source.kubernetes.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.resource.ObjectRef;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class EventBudgetTest {

    private final AtomicLong now = new AtomicLong();
    private final EventBudget budget = new EventBudget(now::get);

    private static ObjectRef ref(String namespace, int i) {
        return new ObjectRef("", "Service", namespace, "object-" + i);
    }

    @Test
    void object_hasOneOfAReason_inAPeriod() {
        assertThat(budget.take(ref("a", 1), "Invalid")).isTrue();
        assertThat(budget.take(ref("a", 1), "Invalid")).isFalse();
        assertThat(budget.take(ref("a", 1), "Accepted")).isTrue();
        now.addAndGet(EventBudget.PERIOD.toNanos());
        assertThat(budget.take(ref("a", 1), "Invalid")).isTrue();
    }

    @Test
    void namespace_hasItsOwnBudget() {
        for (int i = 0; i < EventBudget.MOST; i++) {
            assertThat(budget.take(ref("a", i), "Invalid")).isTrue();
        }
        assertThat(budget.take(ref("a", EventBudget.MOST), "Invalid")).isFalse();
        assertThat(budget.take(ref("b", 0), "Invalid")).isTrue();
    }
}
