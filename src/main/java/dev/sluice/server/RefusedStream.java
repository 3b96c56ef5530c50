package dev.sluice.server;

import dev.sluice.http.Failure;
import dev.sluice.http.ResponseHead;
import dev.sluice.http.ServerStream;
import dev.sluice.net.Connection;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;

/// A request that a codec refuses and answers itself, by a reset or by 431: what is written here
/// goes nowhere.
record RefusedStream(EventLoop eventLoop, Connection connection, String protocol)
        implements ServerStream {

    @Override
    public void informational(ResponseHead head) {}

    @Override
    public void head(ResponseHead head, boolean end) {}

    @Override
    public void data(ByteBuf data, boolean end) {
        data.release();
    }

    @Override
    public void trailers(HttpHeaders trailers) {}

    @Override
    public void flush() {}

    @Override
    public void abort(Failure cause) {}

    @Override
    public boolean isWritable() {
        return true;
    }

    @Override
    public void read(boolean wanted) {}
}
