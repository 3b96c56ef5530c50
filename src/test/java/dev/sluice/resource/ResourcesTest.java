package dev.sluice.resource;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// A snapshot made of another one holds what one made from scratch holds.
class ResourcesTest {

    private static final int NAMES = 12;
    private static final int SERVICES = 4;

    private static Metadata metadata(Random random, String name) {
        return new Metadata(
                "shop",
                name,
                1,
                Instant.EPOCH.plusSeconds(random.nextInt(3)),
                null,
                "",
                Map.of(EndpointSlice.SERVICE, "service-" + random.nextInt(SERVICES)),
                Map.of());
    }

    private static Resource any(Random random) {
        Metadata metadata = metadata(random, "name-" + random.nextInt(NAMES));
        return random.nextBoolean()
                ? new Namespace(metadata)
                : new EndpointSlice(metadata, List.of(), List.of());
    }

    @Test
    void walkOfChanges_endsAsASnapshotFromScratch() {
        Random random = new Random(11);
        Map<ObjectRef, Resource> there = new HashMap<>();
        Resources snapshot = Resources.EMPTY;
        for (int step = 0; step < 500; step++) {
            Map<ObjectRef, Resource> put = new HashMap<>();
            Set<ObjectRef> gone = new HashSet<>();
            for (int i = random.nextInt(4); i >= 0; i--) {
                Resource one = any(random);
                if (random.nextInt(3) == 0) {
                    gone.add(Kinds.ref(one)); // it may not be there
                } else {
                    put.put(Kinds.ref(one), one);
                }
            }
            gone.removeAll(put.keySet());
            there.putAll(put);
            there.keySet().removeAll(gone);

            snapshot = snapshot.with(put.values(), gone);

            assertSame(snapshot, Resources.of(there.values()), "step " + step);
        }
    }

    private static void assertSame(Resources made, Resources scratch, String step) {
        assertThat(made.size()).as(step).isEqualTo(scratch.size());
        assertThat(made.all(Namespace.class)).as(step).isEqualTo(scratch.all(Namespace.class));
        assertThat(made.all(EndpointSlice.class))
                .as(step)
                .isEqualTo(scratch.all(EndpointSlice.class));
        for (int i = 0; i < SERVICES; i++) {
            assertThat(made.slices("shop", "service-" + i))
                    .as(step)
                    .isEqualTo(scratch.slices("shop", "service-" + i));
        }
        for (int i = 0; i < NAMES; i++) {
            assertThat(made.find(Namespace.class, "shop", "name-" + i))
                    .as(step)
                    .isEqualTo(scratch.find(Namespace.class, "shop", "name-" + i));
        }
    }

    @Test
    void kindsThatDidNotChange_areTheSame() {
        Random random = new Random(1);
        Namespace namespace = new Namespace(metadata(random, "one"));
        EndpointSlice slice = new EndpointSlice(metadata(random, "two"), List.of(), List.of());
        Resources before = Resources.of(List.of(namespace, slice));

        Resources same = before.with(List.of(slice));
        assertThat(same.isSame(EndpointSlice.class, before)).isTrue();

        Resources after = before.with(List.of(new Namespace(metadata(random, "one"))));
        assertThat(after.isSame(Namespace.class, before)).isFalse();
        assertThat(after.isSame(EndpointSlice.class, before)).isTrue();
    }
}
