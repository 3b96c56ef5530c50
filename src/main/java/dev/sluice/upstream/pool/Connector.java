package dev.sluice.upstream.pool;

import dev.sluice.barrier.Barrier;
import dev.sluice.ir.Upstream;
import dev.sluice.ir.Upstream.Endpoint;
import dev.sluice.ir.UpstreamTls;
import dev.sluice.net.Workers;
import dev.sluice.net.Workers.Worker;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/// Opens TCP connections to endpoints, each on the event loop that asks.
public final class Connector {

    private final Workers workers;
    private volatile PoolSettings settings;
    private final DnsAddressResolverGroup resolver;

    public Connector(Workers workers, PoolSettings settings) {
        this.workers = workers;
        this.settings = settings;
        this.resolver =
                new DnsAddressResolverGroup(
                        new DnsNameResolverBuilder()
                                .datagramChannelType(
                                        Epoll.isAvailable()
                                                ? EpollDatagramChannel.class
                                                : NioDatagramChannel.class));
    }

    Workers workers() {
        return workers;
    }

    PoolSettings settings() {
        return settings;
    }

    public void settings(PoolSettings next) {
        settings = next;
    }

    /// One of the event loops, for work that belongs to none.
    public Worker anyWorker() {
        List<Worker> all = workers.all();
        return all.get(ThreadLocalRandom.current().nextInt(all.size()));
    }

    /// Opens a connection and closes it at once.
    public ChannelFuture probe(Worker worker, Endpoint endpoint, Duration timeout) {
        ChannelFuture connect =
                connect(
                        worker,
                        endpoint,
                        Transport.SILENT,
                        timeout,
                        new ChannelInboundHandlerAdapter());
        Barrier.whenDone(connect, Barrier.only("outlier"), done -> done.channel().close());
        return connect;
    }

    ChannelFuture connect(
            Worker worker,
            Endpoint endpoint,
            Transport transport,
            Duration timeout,
            ChannelHandler handler) {
        Bootstrap bootstrap =
                new Bootstrap()
                        .group(worker.loop())
                        .channel(workers.channel())
                        .option(ChannelOption.TCP_NODELAY, true)
                        // What a backend sent before it refused to read more is still to be read.
                        .option(ChannelOption.AUTO_CLOSE, false)
                        .option(
                                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                                Math.toIntExact(timeout.toMillis()))
                        .handler(pipeline(endpoint, transport, handler));
        if (transport.protocol() == Upstream.Protocol.TCP) {
            // What reads it says when, and its end is not yet the end of what is sent there.
            bootstrap
                    .option(ChannelOption.AUTO_READ, false)
                    .option(ChannelOption.ALLOW_HALF_CLOSURE, true);
        }
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(endpoint.host());
        if (literal != null) {
            return bootstrap
                    .disableResolver()
                    .connect(new InetSocketAddress(address(literal), endpoint.port()));
        }
        return bootstrap
                .resolver(resolver)
                .connect(InetSocketAddress.createUnresolved(endpoint.host(), endpoint.port()));
    }

    private static ChannelHandler pipeline(
            Endpoint endpoint, Transport transport, ChannelHandler handler) {
        SslContext context = transport.context();
        UpstreamTls tls = transport.tls();
        if (context == null || tls == null) {
            return handler;
        }
        return new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline()
                        .addLast(
                                context.newHandler(
                                        channel.alloc(), tls.hostname(), endpoint.port()))
                        .addLast(handler);
            }
        };
    }

    private static InetAddress address(byte[] literal) {
        try {
            return InetAddress.getByAddress(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
