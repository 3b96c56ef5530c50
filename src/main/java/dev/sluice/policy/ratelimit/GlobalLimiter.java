package dev.sluice.policy.ratelimit;

import dev.sluice.digest.Sha256;
import dev.sluice.policy.ratelimit.Limit.Rate;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The buckets of one limit in Redis, of which this replica leases shares.
///
/// Keys stand in Redis as hashes: they may hold addresses and credentials. Beyond a bound of keys,
/// and while Redis gives no answer, `withoutRedis` decides.
final class GlobalLimiter implements Limiter, RedisLink.User {

    /// Bytes of a key's hash: enough that no two keys share one by chance.
    private static final int HASH = 16;

    private final Rate rate;
    private final Global settings;
    private final RedisLink link;
    private final Runnable uncounted;
    private final String prefix;
    private final LocalLimiter fallback;
    private final ConcurrentHashMap<String, Lease> leases = new ConcurrentHashMap<>();

    /// @param name distinguishes it from other limits in Redis
    /// @param uncounted notified of each request that Redis did not count
    GlobalLimiter(String name, Rate rate, Global settings, RedisLink link, Runnable uncounted) {
        this.rate = rate;
        this.settings = settings;
        this.link = link;
        this.uncounted = uncounted;
        this.prefix = "sluice:limit:" + name + ":";
        this.fallback = new LocalLimiter(rate, System::nanoTime);
    }

    RedisLink link() {
        return link;
    }

    @Override
    public long patience() {
        return settings.timeout().toNanos();
    }

    /// The lease of a key, also a new one: its caller is going to ask.
    Lease lease(String key) {
        Lease known = leases.get(key);
        return known != null
                ? known
                : leases.computeIfAbsent(key, one -> new Lease(prefix + hash(one), rate, link));
    }

    /// Tells rates apart as well: a bucket of another rate is another bucket.
    private String hash(String key) {
        return Sha256.base64Url(rate.keyText() + "\n" + key, HASH);
    }

    @Override
    public @Nullable Decision take(String key, long cost) {
        Lease lease = leases.get(key);
        if (lease == null && leases.size() >= LocalLimiter.MAX_KEYS) {
            return withoutRedis(key, cost);
        }
        return lease == null ? null : lease.take(System.nanoTime(), cost);
    }

    /// What becomes of a request that Redis does not count.
    Decision withoutRedis(String key, long cost) {
        uncounted.run();
        return switch (settings.onFailure()) {
            case LOCAL_FALLBACK -> fallback.take(key, cost);
            case ALLOW -> Decision.UNCOUNTED;
            case DENY -> Decision.UNAVAILABLE;
        };
    }

    @Override
    public void giveBack(String key, long cost) {
        Lease lease = leases.get(key);
        if (lease != null) {
            lease.giveBack(cost);
        } else {
            fallback.giveBack(key, cost);
        }
    }

    @Override
    public void debit(String key, long cost) {
        Lease lease = leases.get(key);
        if (lease != null) {
            lease.debit(cost);
        } else {
            fallback.debit(key, cost);
        }
    }

    LocalLimiter fallback() {
        return fallback;
    }

    @Override
    public void sweep(long now) {
        leases.values().removeIf(lease -> lease.settle(now));
    }

    int keys() {
        return leases.size();
    }
}
