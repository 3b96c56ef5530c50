package dev.sluice.http.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DecoratingHttp2FrameWriter;
import io.netty.handler.codec.http2.Http2FrameWriter;
import org.jspecify.annotations.Nullable;

/// Tells of each DATA frame when the peer's windows let it go.
final class CountingFrameWriter extends DecoratingHttp2FrameWriter {

    /// Is notified of frames that go out.
    interface Sent {
        void onDataSent(int stream, int bytes);
    }

    private @Nullable Sent sent;

    CountingFrameWriter(Http2FrameWriter frames) {
        super(frames);
    }

    void onSent(Sent whom) {
        sent = whom;
    }

    @Override
    public ChannelFuture writeData(
            ChannelHandlerContext context,
            int stream,
            ByteBuf data,
            int padding,
            boolean end,
            ChannelPromise promise) {
        if (sent != null) {
            sent.onDataSent(stream, data.readableBytes());
        }
        return super.writeData(context, stream, data, padding, end, promise);
    }
}
