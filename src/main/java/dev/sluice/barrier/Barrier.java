package dev.sluice.barrier;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/// The barrier at each entry from Netty, a timer, a future or another thread into our code. An
/// error that nobody expected ends there: it is reported, and the [Owner] of the work ends with it,
/// which is one stream, one connection or one turn of a loop, and gives back what it holds.
///
/// `ArchitectureTest` lets no other class schedule tasks, listen to futures or start threads.
public final class Barrier {

    private static volatile BiConsumer<String, Throwable> reporter =
            (place, error) ->
                    LoggerFactory.getLogger(Barrier.class)
                            .error("unexpected error in {}", place, error);

    private Barrier() {}

    /// What ends when its work fails in a way that nobody expected.
    public interface Owner {

        /// A constant that names the owner in logs and meters.
        String place();

        /// Ends it and gives back what it holds. May be called again, after its end as well.
        void onUnexpectedError(Throwable error);
    }

    /// Sets where errors of this process are reported: the place, and the error.
    public static void reportTo(BiConsumer<String, Throwable> target) {
        reporter = target;
    }

    /// Reports an error. Never throws.
    public static void report(String place, Throwable error) {
        try {
            reporter.accept(place, error);
        } catch (Throwable again) {
            // There is nothing left to report it to, and what failed still has to be ended.
        }
    }

    /// Reports an error of work and ends its owner. Never throws.
    public static void failed(Owner owner, Throwable error) {
        report(owner.place(), error);
        try {
            owner.onUnexpectedError(error);
        } catch (Throwable again) {
            report(owner.place(), again);
        }
    }

    /// Does work now.
    public static void run(Owner owner, Runnable work) {
        try {
            work.run();
        } catch (Throwable error) {
            failed(owner, error);
        }
    }

    /// Does work on an executor.
    public static void execute(Executor executor, Owner owner, Runnable work) {
        executor.execute(() -> run(owner, work));
    }

    /// Does work after a time.
    public static ScheduledFuture<?> schedule(
            EventLoop loop, Owner owner, Runnable work, long nanos) {
        return loop.schedule(() -> run(owner, work), nanos, TimeUnit.NANOSECONDS);
    }

    /// Does work again and again. An error ends one turn; the next one comes.
    public static ScheduledFuture<?> repeat(
            EventLoop loop, Owner owner, Runnable work, long nanos) {
        return loop.scheduleWithFixedDelay(
                () -> run(owner, work), nanos, nanos, TimeUnit.NANOSECONDS);
    }

    /// Does work when a future is done, whatever its outcome.
    public static <V, F extends Future<V>> void whenDone(F future, Owner owner, Consumer<F> work) {
        future.addListener(_ -> run(owner, () -> work.accept(future)));
    }

    /// Does work when a stage is complete, whatever its outcome.
    public static <V> void whenComplete(
            CompletionStage<V> stage, Owner owner, BiConsumer<V, Throwable> work) {
        var _ = stage.whenComplete((value, error) -> run(owner, () -> work.accept(value, error)));
    }

    /// Starts a thread.
    public static Thread start(Thread.Builder builder, Owner owner, Runnable work) {
        return builder.start(() -> run(owner, work));
    }

    /// An owner of work that holds nothing: an error is only reported.
    public static Owner only(String place) {
        return ending(place, () -> {});
    }

    /// An owner whose connection is closed by an error.
    public static Owner closing(String place, Channel channel) {
        return ending(place, channel::close);
    }

    /// An owner that an action ends.
    public static Owner ending(String place, Runnable end) {
        return new Owner() {
            @Override
            public String place() {
                return place;
            }

            @Override
            public void onUnexpectedError(Throwable error) {
                end.run();
            }
        };
    }
}
