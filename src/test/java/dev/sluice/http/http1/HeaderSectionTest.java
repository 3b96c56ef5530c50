package dev.sluice.http.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.http.MessageLimits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class HeaderSectionTest {

    /// 50,000 idle connections would hold 3 GiB.
    @Test
    void largeSection_isNotHeldWhenItIsRead() throws Exception {
        HeaderSection section = new HeaderSection(new MessageLimits(8192, 64 * 1024, 256));
        String text = "GET / HTTP/1.1\r\ncookie: " + "x".repeat(60_000) + "\r\n\r\n";
        ByteBuf in = Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
        assertThat(section.isComplete(in, true)).isTrue();
        assertThat(section.parse(in, true).get("cookie")).hasSize(60_000);
        section.release();
        assertThat(section.bytes().length).isLessThanOrEqualTo(8 * 1024);
        in.release();
    }
}
