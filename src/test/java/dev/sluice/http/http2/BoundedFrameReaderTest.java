package dev.sluice.http.http2;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import org.junit.jupiter.api.Test;

/// A turn's share of frames.
class BoundedFrameReaderTest {

    private final EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
    private final ChannelHandlerContext context = channel.pipeline().firstContext();
    private final BoundedFrameReader reader =
            new BoundedFrameReader(
                    new DefaultHttp2FrameReader(), new FrameBudget(Http2Limits.DEFAULT), null);
    private final ByteBuf in = Unpooled.buffer();
    private int seen;

    private final Http2FrameAdapter listener =
            new Http2FrameAdapter() {
                @Override
                public int onDataRead(
                        ChannelHandlerContext from,
                        int stream,
                        ByteBuf data,
                        int padding,
                        boolean end) {
                    assertThat(data.toString(US_ASCII)).isEqualTo("x");
                    seen++;
                    return 1;
                }
            };

    private void data() {
        in.writeMedium(1).writeByte(0).writeByte(0).writeInt(1).writeByte('x');
    }

    private int read() throws Http2Exception {
        int before = seen;
        reader.readFrame(context, in, listener);
        return seen - before;
    }

    @Test
    void turn_hasItsShare() throws Exception {
        for (int i = 0; i < 80; i++) {
            data();
        }
        assertThat(read()).isEqualTo(32);
        assertThat(read()).isZero();
        assertThat(reader.hasMore()).isTrue();
        reader.nextTurn();
        assertThat(read()).isEqualTo(32);
        reader.nextTurn();
        assertThat(read()).isEqualTo(16);
        assertThat(reader.hasMore()).isFalse();
        assertThat(in.isReadable()).isFalse();
    }

    @Test
    void partsOfAFrame_wait() throws Exception {
        data();
        ByteBuf frame = in.copy();
        in.clear();
        while (frame.isReadable()) {
            assertThat(reader.hasMore()).isFalse();
            in.writeByte(frame.readByte());
            assertThat(read()).isEqualTo(frame.isReadable() ? 0 : 1);
        }
    }

    @Test
    void framesBehindTheErrorOfAStream_areReadOnce() throws Exception {
        data();
        in.writeMedium(4).writeByte(8).writeByte(0).writeInt(1).writeInt(0); // opens no window
        data();
        assertThatThrownBy(this::read).isInstanceOf(Http2Exception.StreamException.class);
        assertThat(seen).isEqualTo(1);
        assertThat(read()).isEqualTo(1);
        assertThat(in.isReadable()).isFalse();
    }

    @Test
    void frameThatIsTooLong_isRefusedByItsFirstBytes() {
        in.writeMedium(16_385).writeByte(0).writeByte(0).writeInt(1);
        assertThatThrownBy(this::read)
                .isInstanceOf(Http2Exception.class)
                .hasMessageContaining("16385");
    }

    @Test
    void nothing_isReadAfterAnErrorOfTheConnection() throws Exception {
        in.writeMedium(8).writeByte(6).writeByte(0).writeInt(3).writeLong(0); // PING has no stream
        data();
        assertThatThrownBy(this::read).isInstanceOf(Http2Exception.class);
        data();
        assertThat(read()).isZero();
        assertThat(in.isReadable()).isFalse();
    }
}
