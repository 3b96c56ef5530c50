package dev.sluice.net;

import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The event loops of the data plane, each with its place: what belongs to a loop (pools of
/// connections above all) stands in arrays by that index, without locks.
public final class Workers implements AutoCloseable {

    private final IoEventLoopGroup group;
    private final List<Worker> workers;
    private final IdentityHashMap<EventExecutor, Worker> byLoop = new IdentityHashMap<>();

    /// @param threads number of event loops, 0 for one per processor
    public Workers(int threads) {
        int count = threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
        group =
                new MultiThreadIoEventLoopGroup(
                        count,
                        new DefaultThreadFactory("sluice"),
                        Epoll.isAvailable()
                                ? EpollIoHandler.newFactory()
                                : NioIoHandler.newFactory());
        List<Worker> list = new ArrayList<>();
        for (EventExecutor loop : group) {
            Worker worker = new Worker((EventLoop) loop, list.size());
            list.add(worker);
            byLoop.put(loop, worker);
        }
        workers = List.copyOf(list);
    }

    /// One event loop.
    ///
    /// @param loop the loop
    /// @param index its place, from 0
    public record Worker(EventLoop loop, int index) {}

    public List<Worker> all() {
        return workers;
    }

    public IoEventLoopGroup group() {
        return group;
    }

    /// The worker whose loop this is.
    public Worker of(EventLoop loop) {
        Worker worker = byLoop.get(loop);
        if (worker == null) {
            throw new IllegalArgumentException("not one of our event loops: " + loop);
        }
        return worker;
    }

    public Class<? extends ServerSocketChannel> serverChannel() {
        return Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    public Class<? extends SocketChannel> channel() {
        return Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class;
    }

    /// Ends the loops; waits up to five seconds.
    @Override
    public void close() {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(5_000);
    }
}
