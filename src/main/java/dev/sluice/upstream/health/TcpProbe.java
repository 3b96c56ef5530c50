package dev.sluice.upstream.health;

import dev.sluice.barrier.Barrier;
import dev.sluice.http.Failure;
import dev.sluice.upstream.pool.Dialer;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Opens a connection to an endpoint, TLS included, and closes it.
final class TcpProbe extends ChannelInboundHandlerAdapter implements HealthProbe, Barrier.Owner {

    private final Dialer dialer;
    private final Duration timeout;
    private final Consumer<String> answer;
    private @Nullable ChannelHandlerContext connection;
    private @Nullable ScheduledFuture<?> timer;
    private boolean ended;

    /// @param answer notified once of what is wrong, empty for nothing
    TcpProbe(Dialer dialer, Duration timeout, Consumer<String> answer) {
        this.dialer = dialer;
        this.timeout = timeout;
        this.answer = answer;
    }

    @Override
    public void start() {
        timer =
                Barrier.schedule(
                        dialer.worker().loop(),
                        this,
                        () -> end("no connection in time"),
                        timeout.toNanos());
        dialer.dial(this, () -> end(""), failure -> end(failure.reason()));
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        connection = context;
    }

    /// The dialer reports it.
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }

    @Override
    public String place() {
        return "health";
    }

    @Override
    public void onUnexpectedError(Throwable error) {
        end(Failure.INTERNAL.reason());
    }

    private void end(String reason) {
        if (connection != null) {
            connection.close();
        }
        if (!ended) {
            ended = true;
            if (timer != null) {
                timer.cancel(false);
            }
            answer.accept(reason);
        }
    }
}
