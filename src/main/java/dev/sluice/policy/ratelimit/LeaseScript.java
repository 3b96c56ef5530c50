package dev.sluice.policy.ratelimit;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/// The token buckets in Redis: [Bucket] again, in microseconds of Redis' clock since 2025, so that
/// the clocks of replicas do not matter and a double holds fractions.
final class LeaseScript {

    private static final String TEXT =
            """
            local time = redis.call('TIME')
            local now = (time[1] - 1735689600) * 1000000 + time[2]
            local out = {}
            for i = 1, #KEYS do
              local at = (i - 1) * 6
              local interval, burst = tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2])
              local least, need = tonumber(ARGV[at + 3]), tonumber(ARGV[at + 4])
              local ahead, debit = tonumber(ARGV[at + 5]), tonumber(ARGV[at + 6])
              local size = burst * interval
              local full = math.max(tonumber(redis.call('GET', KEYS[i]) or now), now)
              full = math.min(math.max(full + debit * interval, now), now + 2 * size)
              local free = math.floor((size - (full - now)) / interval + 0.000001)
              local granted, after = 0, 0
              if free < least then
                after = full + least * interval - size - now
              elseif free > 0 then
                granted = math.min(free, need + math.min(ahead, math.floor(free / 8)))
              end
              full = full + granted * interval
              if full > now then
                redis.call('SET', KEYS[i], string.format('%.3f', full), 'PX', math.ceil((full - now) / 1000))
              else
                redis.call('DEL', KEYS[i])
              end
              out[#out + 1] = granted
              out[#out + 1] = math.max(0, free - granted)
              out[#out + 1] = math.ceil(full - now)
              out[#out + 1] = math.ceil(after)
            end
            return out
            """;

    private static final String SHA = sha(TEXT);

    private static final int REPLY = 4;
    private static final long MICRO = 1000;

    private final RedisClusterAsyncCommands<String, String> commands;
    private final boolean cluster;

    private LeaseScript(RedisClusterAsyncCommands<String, String> commands, boolean cluster) {
        this.commands = commands;
        this.cluster = cluster;
    }

    /// @param connection to a single server, to what a sentinel says, or to a cluster
    static LeaseScript over(StatefulConnection<String, String> connection) {
        return switch (connection) {
            case StatefulRedisConnection<String, String> one -> new LeaseScript(one.async(), false);
            case StatefulRedisClusterConnection<String, String> many ->
                    new LeaseScript(many.async(), true);
            default ->
                    throw new IllegalArgumentException("not a connection for data: " + connection);
        };
    }

    /// How many keys one call may have: in a cluster they are not at one place.
    int most() {
        return cluster ? 1 : Integer.MAX_VALUE;
    }

    /// @return a reply for each ask
    CompletionStage<List<Lease.LeaseGrant>> run(List<Lease> leases, List<Lease.LeaseRequest> asks) {
        String[] keys = leases.stream().map(Lease::key).toArray(String[]::new);
        String[] args = new String[6 * keys.length];
        for (int i = 0; i < keys.length; i++) {
            write(args, 6 * i, leases.get(i).rate(), asks.get(i));
        }
        return commands.<List<Long>>evalsha(SHA, ScriptOutputType.MULTI, keys, args)
                .exceptionallyCompose(e -> isUnknown(e) ? load(keys, args) : failed(e))
                .thenApply(LeaseScript::replies);
    }

    private static void write(
            String[] args, int at, Limit.Rate rate, Lease.LeaseRequest leaseRequest) {
        args[at] = String.format(Locale.ROOT, "%.3f", rate.interval() / (double) MICRO);
        args[at + 1] = Long.toString(rate.burst());
        args[at + 2] = Long.toString(leaseRequest.least());
        args[at + 3] = Long.toString(leaseRequest.need());
        args[at + 4] = Long.toString(leaseRequest.ahead());
        args[at + 5] = Long.toString(leaseRequest.debit());
    }

    private static boolean isUnknown(Throwable e) {
        return e instanceof RedisNoScriptException
                || e instanceof CompletionException
                        && e.getCause() instanceof RedisNoScriptException;
    }

    private CompletionStage<List<Long>> load(String[] keys, String[] args) {
        return commands.eval(TEXT, ScriptOutputType.MULTI, keys, args);
    }

    private static <T> CompletionStage<T> failed(Throwable e) {
        return CompletableFuture.failedStage(e);
    }

    private static List<Lease.LeaseGrant> replies(List<Long> numbers) {
        List<Lease.LeaseGrant> replies = new ArrayList<>(numbers.size() / REPLY);
        for (int i = 0; i + REPLY <= numbers.size(); i += REPLY) {
            replies.add(
                    new Lease.LeaseGrant(
                            numbers.get(i),
                            numbers.get(i + 1),
                            numbers.get(i + 2) * MICRO,
                            numbers.get(i + 3) * MICRO));
        }
        return replies;
    }

    private static String sha(String text) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-1")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
