package dev.sluice.policy.auth.oidc;

import dev.sluice.observe.SluiceMeters;
import dev.sluice.redis.SupervisedRedis;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Asks Redis for sessions. Virtual threads wait for the answers, for no longer than the policy
/// says; while Redis is given up nobody asks.
public final class SessionLink implements AutoCloseable {

    /// How long the first policy that uses it waits for a connection, so that a replica that starts
    /// does not refuse sessions meanwhile.
    private static final Duration FIRST = Duration.ofSeconds(2);

    /// Nanoseconds that logins, renewals and logouts wait: they are seldom, and what they write,
    /// such as tokens for a code that is good once, cannot be had again.
    static final long SELDOM = Duration.ofSeconds(1).toNanos();

    private static final long PROBE_MILLIS = 10_000;

    private final List<WeakReference<User>> users = new CopyOnWriteArrayList<>();
    private final SupervisedRedis<RedisClusterAsyncCommands<String, String>> way;

    /// Who waits for answers.
    interface User {

        /// Nanoseconds that a request may wait for its session.
        long timeoutNanos();
    }

    /// A call of Redis.
    interface Call<T>
            extends Function<RedisClusterAsyncCommands<String, String>, CompletionStage<T>> {}

    /// @param connector makes a connection, by a thread that may wait
    public SessionLink(
            Supplier<StatefulConnection<String, String>> connector, MeterRegistry registry) {
        this.way =
                new SupervisedRedis<>(
                        new SupervisedRedis.Purpose<>(
                                "session-redis",
                                "keeps sessions",
                                "does not keep sessions",
                                SessionLink::over,
                                SessionLink::probe),
                        connector,
                        this::patience);
        SluiceMeters.SESSION_REDIS.gauge(registry, this, link -> link.isUp() ? 1 : 0);
    }

    /// @param connection to a single server, to what a sentinel says, or to a cluster
    private static RedisClusterAsyncCommands<String, String> over(
            StatefulConnection<String, String> connection) {
        return switch (connection) {
            case StatefulRedisConnection<String, String> one -> one.async();
            case StatefulRedisClusterConnection<String, String> many -> many.async();
            default ->
                    throw new IllegalArgumentException("not a connection for data: " + connection);
        };
    }

    /// Writes and reads: a server that has become a replica, or is full, keeps no session.
    private static CompletionStage<String> probe(RedisClusterAsyncCommands<String, String> redis) {
        String key = "sluice:session:probe";
        return redis.psetex(key, PROBE_MILLIS, "1").thenCompose(_ -> redis.get(key));
    }

    /// Sessions of a policy that use it from now on. The first ones have it connect.
    void add(User sessions) {
        users.removeIf(one -> one.get() == null);
        users.add(new WeakReference<>(sessions));
        if (way.begin()) {
            way.awaitFirstTry(FIRST);
        }
    }

    /// The shortest time that a policy gives it, in nanoseconds.
    private long patience() {
        return users.stream()
                .map(WeakReference::get)
                .filter(Objects::nonNull)
                .mapToLong(User::timeoutNanos)
                .min()
                .orElse(Oidc.Store.Redis.TIMEOUT.toNanos());
    }

    boolean isUp() {
        return way.good() != null;
    }

    /// Asks, and waits for the answer.
    ///
    /// @param nanos to wait at most
    /// @throws SessionStoreUnavailable when there is no answer in time
    <T> @Nullable T query(long nanos, Call<T> call) {
        RedisClusterAsyncCommands<String, String> redis = way.good();
        if (redis == null) {
            throw new SessionStoreUnavailable(SessionStoreUnavailable.AWAY);
        }
        try {
            T answer = call.apply(redis).toCompletableFuture().get(nanos, TimeUnit.NANOSECONDS);
            way.inTime();
            return answer;
        } catch (TimeoutException _) {
            way.missed();
        } catch (ExecutionException e) {
            way.failed(String.valueOf(e.getCause() == null ? e : e.getCause().getMessage()));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        throw new SessionStoreUnavailable(SessionStoreUnavailable.AWAY);
    }

    /// Tells something that nobody waits for.
    <T> void send(Call<T> call) {
        RedisClusterAsyncCommands<String, String> redis = way.good();
        if (redis != null) {
            CompletionStage<T> _ = call.apply(redis);
        }
    }

    @Override
    public void close() {
        way.close();
    }
}
