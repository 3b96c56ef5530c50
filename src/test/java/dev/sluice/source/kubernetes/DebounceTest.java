package dev.sluice.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DebounceTest {

    private static final long MILLI = 1_000_000;

    private final Debounce debounce = new Debounce();

    @Test
    void loneChange_waitsForNothing() {
        assertThat(debounce.left(Long.MAX_VALUE)).isZero();
        debounce.onPublished(0, 0);
        assertThat(debounce.left(4 * MILLI)).isZero();
        assertThat(debounce.left(1000 * MILLI)).isZero();
    }

    @Test
    void changeAfterASnapshot_waitsForOthers() {
        debounce.onPublished(9 * MILLI, 10 * MILLI);
        assertThat(debounce.left(11 * MILLI)).isEqualTo(3 * MILLI);
    }

    @Test
    void changeAfterACostlySnapshot_waitsAsLongAsThatTook() {
        debounce.onPublished(10 * MILLI, 60 * MILLI);
        assertThat(debounce.left(70 * MILLI)).isEqualTo(40 * MILLI);
        assertThat(debounce.left(110 * MILLI)).isZero();
    }
}
