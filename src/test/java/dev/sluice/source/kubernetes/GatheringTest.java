package dev.sluice.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GatheringTest {

    private static final long MILLI = 1_000_000;

    private final Gathering gathering = new Gathering();

    @Test
    void loneChange_waitsForNothing() {
        assertThat(gathering.left(Long.MAX_VALUE)).isZero();
        gathering.told(0, 0);
        assertThat(gathering.left(4 * MILLI)).isZero();
        assertThat(gathering.left(1000 * MILLI)).isZero();
    }

    @Test
    void changeAfterASnapshot_waitsForOthers() {
        gathering.told(9 * MILLI, 10 * MILLI);
        assertThat(gathering.left(11 * MILLI)).isEqualTo(3 * MILLI);
    }

    @Test
    void changeAfterACostlySnapshot_waitsAsLongAsThatTook() {
        gathering.told(10 * MILLI, 60 * MILLI);
        assertThat(gathering.left(70 * MILLI)).isEqualTo(40 * MILLI);
        assertThat(gathering.left(110 * MILLI)).isZero();
    }
}
