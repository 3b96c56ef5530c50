package dev.sluice.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// How long values are shared.
class InternedTest {

    private final List<String> gone = new ArrayList<>();
    private final Interned<String, Object> interned = new Interned<>(gone::add);
    private Object held = new Object();

    @Test
    void value_isTheSameWhileSomebodyHoldsIt() {
        held = interned.get("a", Object::new);
        System.gc();
        assertThat(interned.get("a", Object::new)).isSameAs(held);
        assertThat(interned.get("b", Object::new)).isNotSameAs(held);
        assertThat(gone).doesNotContain("a");
        Map<String, Object> seen = new HashMap<>();
        interned.forEach(seen::put);
        assertThat(seen).containsEntry("a", held);
    }

    /// Each is told of once, and what is held stays.
    @Test
    void valueThatNobodyHolds_isForgotten() {
        held = interned.get("held", Object::new);
        interned.get("a", Object::new);
        interned.get("b", Object::new);
        Awaitility.await()
                .until(() -> {
                    System.gc();
                    interned.get("held", Object::new);
                    return gone.size() >= 2;
                });
        assertThat(gone).containsExactlyInAnyOrder("a", "b");
        assertThat(interned.size()).isEqualTo(1);
        assertThat(interned.get("held", Object::new)).isSameAs(held);
    }

    /// A value may be made of others, as an authenticator is of keys.
    @Test
    void value_mayBeMadeOfAnother() {
        Object inner = interned.get("inner", Object::new);
        Object outer = interned.get("outer", () -> List.of(interned.get("inner", Object::new)));
        assertThat(outer).isEqualTo(List.of(inner));
    }
}
