package dev.sluice.http.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameTypes;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// What a peer may send that brings nothing about.
class FrameBudgetTest {

    private static final int MOST = 100;

    private final AtomicLong now = new AtomicLong(-5);
    private final FrameBudget budget = new FrameBudget(new Http2Limits(1, 1, MOST, MOST), now::get);

    private boolean takes(byte type, int flags, int length) {
        ByteBuf frame = Unpooled.buffer();
        frame.writeMedium(length).writeByte(type).writeByte(flags).writeInt(1).writeZero(length);
        try {
            budget.received(frame, 0, length);
            return true;
        } catch (Http2Exception e) {
            assertThat(e.error()).isEqualTo(Http2Error.ENHANCE_YOUR_CALM);
            return false;
        }
    }

    /// How many PINGs are taken now.
    private int pings() {
        int taken = 0;
        while (takes(Http2FrameTypes.PING, 0, 8)) {
            taken++;
        }
        return taken;
    }

    @Test
    void control_isBoundedAtOnceAndGivenBackByTime() {
        assertThat(pings()).isEqualTo(MOST);
        now.addAndGet(Duration.ofMillis(50).toNanos());
        assertThat(pings()).isZero();
        now.addAndGet(Duration.ofMillis(950).toNanos());
        assertThat(pings()).isEqualTo(MOST / 10);
        now.addAndGet(Duration.ofDays(365).toNanos());
        assertThat(pings()).isEqualTo(MOST);
    }

    @Test
    void messages_allowAFewMore() {
        assertThat(pings()).isEqualTo(MOST);
        assertThat(takes(Http2FrameTypes.HEADERS, 4, 10)).isTrue();
        budget.sent(1000);
        assertThat(pings()).isEqualTo(8);
        budget.sent(1); // by a window of one byte, which a peer can open as often as it likes
        assertThat(pings()).isZero();
        for (int i = 0; i < 1000; i++) {
            budget.sent(1000);
        }
        assertThat(pings()).isEqualTo(MOST);
    }

    @Test
    void data_isCountedWhenItHasNoContent() {
        for (int i = 0; i < 10 * MOST; i++) {
            assertThat(takes(Http2FrameTypes.DATA, 0, 1)).isTrue();
            assertThat(takes(Http2FrameTypes.DATA, 1, 0)).isTrue();
            assertThat(takes(Http2FrameTypes.DATA, 8, 2)).isTrue();
        }
        for (int i = 0; i < MOST; i++) {
            assertThat(takes(Http2FrameTypes.DATA, 8, i % 2)).isTrue();
        }
        assertThat(takes(Http2FrameTypes.DATA, 0, 0)).isFalse();
    }

    @Test
    void settings_costAsMuchAsTheyHold() {
        assertThat(takes(Http2FrameTypes.SETTINGS, 0, 6 * (MOST - 11))).isTrue();
        assertThat(pings()).isEqualTo(10);
    }

    @Test
    void resets_areBoundedByStreamsThatEndWell() {
        for (int i = 0; i < 10 * MOST; i++) {
            budget.completed();
            assertThat(takes(Http2FrameTypes.RST_STREAM, 0, 4)).isTrue();
        }
        budget.completed();
        for (int i = 0; i < MOST; i++) {
            assertThat(takes(Http2FrameTypes.RST_STREAM, 0, 4)).isTrue();
        }
        assertThat(takes(Http2FrameTypes.RST_STREAM, 0, 4)).isFalse();
        assertThat(pings()).isEqualTo(MOST);
    }
}
