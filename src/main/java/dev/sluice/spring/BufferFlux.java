package dev.sluice.spring;

import dev.sluice.barrier.Barrier;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/// A body that the engine pushes and one subscriber pulls. While there is no demand the source is
/// paused; what a read had already brought waits here. State is confined to the event loop; demand
/// and cancellation may come from any thread.
final class BufferFlux extends Flux<DataBuffer> implements Subscription {

    static final NettyDataBufferFactory BUFFERS =
            new NettyDataBufferFactory(PooledByteBufAllocator.DEFAULT);

    private final EventLoop loop;
    private final Barrier.Owner owner;
    private final Consumer<Boolean> reading;
    private final ArrayDeque<ByteBuf> waiting = new ArrayDeque<>();
    private @Nullable CoreSubscriber<? super DataBuffer> subscriber;
    private @Nullable Throwable error;
    private long demand;
    private boolean subscribed;
    private boolean complete;
    private boolean done;
    private boolean draining;

    /// @param owner ends with an error of the subscriber
    /// @param reading pauses (false) and resumes (true) the source
    BufferFlux(EventLoop loop, Barrier.Owner owner, Consumer<Boolean> reading) {
        this.loop = loop;
        this.owner = owner;
        this.reading = reading;
    }

    /// A part of the body.
    void data(ByteBuf data, boolean end) {
        if (done) {
            data.release();
            return;
        }
        if (data.isReadable()) {
            waiting.addLast(data);
        } else {
            data.release();
        }
        complete |= end;
        drain();
        if (!done && !complete && demand == 0) {
            reading.accept(false);
        }
    }

    /// The body is whole.
    void complete() {
        complete = true;
        drain();
    }

    /// The body will not be whole.
    void fail(Throwable cause) {
        if (!complete) {
            complete = true;
            error = cause;
            drain();
        }
    }

    /// Releases what nobody took.
    void discard() {
        done = true;
        waiting.forEach(ByteBuf::release);
        waiting.clear();
        subscriber = null;
    }

    @Override
    public void subscribe(CoreSubscriber<? super DataBuffer> actual) {
        onLoop(() -> accept(actual));
    }

    private void accept(CoreSubscriber<? super DataBuffer> actual) {
        if (subscribed) {
            Operators.error(actual, new IllegalStateException("the body was already read"));
            return;
        }
        subscribed = true;
        subscriber = actual;
        actual.onSubscribe(this);
        drain();
    }

    @Override
    public void request(long n) {
        onLoop(() -> {
            demand = Operators.addCap(demand, n);
            if (!complete && !done) {
                reading.accept(true);
            }
            drain();
        });
    }

    @Override
    public void cancel() {
        onLoop(this::discard);
    }

    private void onLoop(Runnable action) {
        if (loop.inEventLoop()) {
            Barrier.run(owner, action);
        } else {
            Barrier.execute(loop, owner, action);
        }
    }

    private void drain() {
        if (draining) {
            return;
        }
        draining = true;
        try {
            while (!done && subscriber != null && demand > 0 && !waiting.isEmpty()) {
                demand--;
                subscriber.onNext(BUFFERS.wrap(waiting.removeFirst()));
            }
            CoreSubscriber<? super DataBuffer> last = subscriber;
            if (!done && complete && waiting.isEmpty() && last != null) {
                done = true;
                subscriber = null;
                if (error != null) {
                    last.onError(error);
                } else {
                    last.onComplete();
                }
            }
        } finally {
            draining = false;
        }
    }
}
