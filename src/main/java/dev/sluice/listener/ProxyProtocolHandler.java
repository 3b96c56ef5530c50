package dev.sluice.listener;

import dev.sluice.barrier.Barrier;
import dev.sluice.ir.ProxyProtocol;
import dev.sluice.net.ConnectionFailure;
import dev.sluice.net.Deadline;
import dev.sluice.net.IoErrors;
import dev.sluice.net.Peers;
import dev.sluice.net.ProxyHeader;
import dev.sluice.net.ProxyHeaderReader;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The first handler of a connection that may begin with a header of the PROXY protocol: reads it
/// when the peer is a trusted source, and then lets the connection begin with the ends that it
/// names. What has no right to be there closes the connection.
final class ProxyProtocolHandler extends ChannelInboundHandlerAdapter {

    private final Duration limit;
    private final Peers peers;
    private final boolean trusted;
    private final ProxyProtocol mode;
    private final Consumer<Peers> next;
    private final Consumer<ConnectionFailure> onFailure;
    private boolean failed;
    private @Nullable Deadline deadline;
    private @Nullable ByteBuf seen;

    /// @param limit how long a header may take
    /// @param peers of the socket
    /// @param trusted whether the client of these is believed
    /// @param next adds the handlers of a connection whose ends are known
    /// @param onFailure notified before the connection is closed
    ProxyProtocolHandler(
            Duration limit,
            Peers peers,
            boolean trusted,
            ProxyProtocol mode,
            Consumer<Peers> next,
            Consumer<ConnectionFailure> onFailure) {
        this.limit = limit;
        this.peers = peers;
        this.trusted = trusted;
        this.mode = mode;
        this.next = next;
        this.onFailure = onFailure;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        if (trusted) {
            Deadline time =
                    new Deadline(
                            context.channel().eventLoop(),
                            Barrier.closing("listener", context.channel()),
                            () -> fail(context, ConnectionFailure.PROXY_TIMEOUT));
            time.in(limit);
            deadline = time;
        } else if (mode == ProxyProtocol.REQUIRED) {
            fail(context, ConnectionFailure.PROXY_UNTRUSTED);
        } else {
            begin(context, peers);
        }
    }

    private void fail(ChannelHandlerContext context, ConnectionFailure reason) {
        if (!failed) {
            failed = true;
            onFailure.accept(reason);
        }
        context.close();
    }

    private void begin(ChannelHandlerContext context, Peers ends) {
        next.accept(ends);
        ByteBuf rest = seen;
        seen = null;
        if (rest != null && rest.isReadable()) {
            context.fireChannelRead(rest);
        } else if (rest != null) {
            rest.release();
        }
        context.pipeline().remove(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf all = (ByteBuf) message;
        if (!all.isReadable() || !context.channel().isActive()) {
            all.release(); // or it was refused
            return;
        }
        ByteBuf before = seen;
        if (before == null) {
            seen = all;
        } else {
            try {
                before.writeBytes(all); // a header is bounded, and what comes behind it is one read
            } finally {
                all.release();
            }
        }
        read(context, before == null ? all : before);
    }

    private void read(ChannelHandlerContext context, ByteBuf all) {
        ProxyHeader header;
        try {
            header = ProxyHeaderReader.read(all);
        } catch (ProxyHeader.Malformed e) {
            fail(context, ConnectionFailure.PROXY_MALFORMED);
            return;
        }
        switch (header) {
            case ProxyHeader.Proxied(Peers ends) -> begin(context, ends);
            case ProxyHeader.Other.LOCAL -> begin(context, peers);
            case ProxyHeader.Other.INCOMPLETE -> {}
            case ProxyHeader.Other.ABSENT -> {
                if (mode == ProxyProtocol.REQUIRED) {
                    fail(context, ConnectionFailure.PROXY_MISSING);
                } else {
                    begin(context, peers);
                }
            }
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!IoErrors.isOne(cause)) {
            Barrier.report("listener", cause);
        }
        context.close();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (deadline != null) {
            deadline.cancel();
        }
        ByteBuf rest = seen;
        seen = null;
        if (rest != null) {
            rest.release();
        }
    }
}
