package dev.sluice.listener;

import dev.sluice.barrier.Barrier;
import dev.sluice.engine.HttpPort;
import dev.sluice.ir.Port;
import dev.sluice.ir.ProxyProtocol;
import dev.sluice.net.Connection;
import dev.sluice.net.ConnectionFailure;
import dev.sluice.net.FailedConnection;
import dev.sluice.net.Peers;
import dev.sluice.net.Workers;
import dev.sluice.server.Http1ServerConnection;
import dev.sluice.server.Http2ServerConnection;
import dev.sluice.server.ServerConnection;
import dev.sluice.server.ServerSettings;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A socket that listens, and the connections that it accepted.
final class BoundPort {

    private static final int BACKLOG = 4096;
    private static final WriteBufferWaterMark WATER_MARK =
            new WriteBufferWaterMark(32 * 1024, 64 * 1024);

    private final PortService service;
    private final Supplier<ServerSettings> settings;
    private final ConnectionCount count;
    private final Set<Channel> connections = ConcurrentHashMap.newKeySet();
    private final InetSocketAddress address;
    private final Channel socket;
    private volatile TlsContexts tls;
    private volatile String listener;
    private volatile @Nullable ProxyProtocol proxyProtocol;
    private volatile boolean draining;

    /// Binds, and waits for it.
    ///
    /// @param settings of each connection when it is accepted
    BoundPort(
            Workers workers,
            Supplier<ServerSettings> settings,
            ConnectionCount count,
            Port port,
            TlsContexts tls,
            PortService service)
            throws BindFailed {
        this.count = count;
        this.tls = tls;
        this.proxyProtocol = port.proxyProtocol();
        this.listener = port.listeners().getFirst().name();
        this.service = service;
        this.settings = settings;
        this.address = address(port);
        ServerBootstrap bootstrap =
                new ServerBootstrap()
                        .group(workers.group())
                        .channel(workers.serverChannel())
                        .option(ChannelOption.SO_BACKLOG, BACKLOG)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        // One read for each connection and turn of the loop: at most 64 KiB.
                        .childOption(
                                ChannelOption.RECVBUF_ALLOCATOR,
                                new AdaptiveRecvByteBufAllocator().maxMessagesPerRead(1))
                        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                        .childHandler(new Accept());
        ChannelFuture bind = bootstrap.bind(address).awaitUninterruptibly();
        if (!bind.isSuccess()) {
            throw new BindFailed("cannot bind " + address + ": " + bind.cause().getMessage());
        }
        socket = bind.channel();
    }

    private static InetSocketAddress address(Port port) {
        return port.address().isEmpty()
                ? new InetSocketAddress(port.bind())
                : new InetSocketAddress(port.address(), port.bind());
    }

    /// Whether a port of a new configuration is served by this socket.
    ///
    /// @param by what is to serve its connections
    boolean serves(Port port, PortService by) {
        return address.equals(address(port)) && service.equals(by);
    }

    /// The port that was bound, which differs from the wanted one when that was 0.
    int localPort() {
        return ((InetSocketAddress) socket.localAddress()).getPort();
    }

    /// How long a client may take over a handshake.
    Duration handshakeTimeout() {
        return settings.get().headerTimeout();
    }

    TlsContexts tls() {
        return tls;
    }

    /// Takes effect with the next connection or handshake.
    void update(Port port, TlsContexts next) {
        proxyProtocol = port.proxyProtocol();
        listener = port.listeners().getFirst().name();
        tls = next;
    }

    HttpPort http() {
        return switch (service) {
            case PortService.Http(HttpPort port, _) -> port;
            case PortService.Tcp _ -> throw new IllegalStateException("no port of HTTP");
        };
    }

    /// @param tls null without encryption
    Connection connection(Peers peers, @Nullable String serverName, @Nullable SslHandler tls) {
        return Connection.of(
                peers.client(),
                peers.server(),
                serverName,
                tls != null,
                tls == null ? null : ClientCertificates.verified(tls),
                settings.get().proxies());
    }

    /// Notifies observers of a connection that ends, or is not taken.
    ///
    /// @param serverName of TLS, null when it is not known
    void failed(Peers peers, @Nullable String serverName, ConnectionFailure reason) {
        service.failed(new FailedConnection(peers.clientHost(), serverName, reason));
    }

    /// Adds the handlers of a connection whose ends are known.
    private void begin(Channel channel, Peers peers) {
        switch (service) {
            case PortService.Http _ -> beginHttp(channel, peers);
            case PortService.Tcp _ -> handOn(channel, peers, listener, null);
        }
    }

    /// Hands a connection on to a backend as it is.
    ///
    /// @param of the listener that takes it, by its name
    /// @param serverName of TLS, null when there is none
    void handOn(Channel channel, Peers peers, String of, @Nullable String serverName) {
        channel.config().setAutoRead(false);
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        if (channel.pipeline().get(StalledWriteHandler.class) != null) {
            channel.pipeline().remove(StalledWriteHandler.class); // it ends when it is idle
        }
        service.l4().serve(channel, peers, of, serverName);
    }

    private void beginHttp(Channel channel, Peers peers) {
        channel.pipeline()
                .addFirst(
                        new StalledWriteHandler(
                                settings.get().writeTimeout(),
                                () -> failed(peers, null, ConnectionFailure.CLIENT_STALLED)));
        if (tls.isEmpty()) {
            Connection connection = connection(peers, null, null);
            channel.pipeline()
                    .addLast(new ProtocolDetector(this, connection))
                    .addLast(http1(channel, connection));
        } else {
            channel.pipeline().addLast(new ListenerSniHandler(this, peers));
        }
    }

    Http1ServerConnection http1(Channel channel, Connection connection) {
        return begun(
                channel, new Http1ServerConnection(channel, connection, http(), settings.get()));
    }

    Http2ServerConnection http2(Channel channel, Connection connection) {
        return begun(channel, new Http2ServerConnection(connection, http(), settings.get()));
    }

    private <C extends ServerConnection> C begun(Channel channel, C connection) {
        if (draining) {
            Barrier.execute(
                    channel.eventLoop(), Barrier.closing("listener", channel), connection::drain);
        }
        return connection;
    }

    /// Accepts nothing more, and lets requests in flight end.
    void drain() {
        draining = true;
        socket.close().awaitUninterruptibly();
        for (Channel channel : connections) {
            Barrier.execute(
                    channel.eventLoop(),
                    Barrier.closing("listener", channel),
                    () -> drain(channel));
        }
    }

    private static void drain(Channel channel) {
        for (Map.Entry<String, ChannelHandler> handler : channel.pipeline()) {
            if (handler.getValue() instanceof ServerConnection connection) {
                connection.drain();
                return;
            }
        }
    }

    /// How many connections are open.
    int open() {
        return connections.size();
    }

    /// Closes what is still open.
    void closeAll() {
        for (Channel channel : connections) {
            // Past the handlers, which would wait for their streams.
            ChannelHandlerContext first = channel.pipeline().firstContext();
            ChannelFuture _ = first == null ? channel.close() : first.close();
        }
    }

    private final class Accept extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel channel) {
            Peers peers =
                    new Peers(
                            (InetSocketAddress) channel.remoteAddress(),
                            (InetSocketAddress) channel.localAddress());
            if (!count.accept()) {
                failed(peers, null, ConnectionFailure.TOO_MANY);
                channel.close();
                return;
            }
            connections.add(channel);
            Barrier.whenDone(
                    channel.closeFuture(),
                    Barrier.only("listener"),
                    _ -> {
                        connections.remove(channel);
                        count.closed();
                    });
            ProxyProtocol mode = proxyProtocol;
            if (mode == null) {
                begin(channel, peers);
            } else {
                channel.pipeline()
                        .addLast(
                                new ProxyProtocolHandler(
                                        handshakeTimeout(),
                                        peers,
                                        settings.get()
                                                .proxySources()
                                                .contains(peers.client().getAddress().getAddress()),
                                        mode,
                                        ends -> begin(channel, ends),
                                        reason -> failed(peers, null, reason)));
            }
        }
    }
}
