package dev.sluice.policy.auth.jwt;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.KeySourceException;
import dev.sluice.barrier.Barrier;
import dev.sluice.policy.auth.provider.ProviderHealth;
import java.io.IOException;
import java.security.Key;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keys that an identity provider publishes.
///
/// They are fetched when the policy comes into effect, and anew in the background once most of
/// their time is over and a request asks for them. While the provider is away the last good ones
/// stay, and it is asked less and less often. A token with an unknown key waits for a fetch that
/// begins after it came, so that a rotation of keys fails no request; such fetches are a second
/// apart, whatever tokens clients invent, and all requests share them.
public final class RemoteKeys implements IssuerKeys {

    private static final Logger log = LoggerFactory.getLogger(RemoteKeys.class);

    private static final long SECOND = 1_000_000_000;
    private static final long LONGEST_PAUSE = 30 * SECOND;

    /// Seconds that a request waits at most.
    private static final long WAIT = 6;

    /// Gets the keys; may block.
    public interface Fetch {
        String jwks() throws IOException, InterruptedException;
    }

    private final String name;
    private final Fetch fetch;
    private final ProviderHealth provider;
    private final long good;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Fetched last;
    private final AtomicInteger generation = new AtomicInteger();
    private volatile long retryAt;
    private @Nullable PendingFetch running;
    private int failures;
    private long lastBegun = System.nanoTime() - SECOND;

    /// @param begun when it was asked for
    /// @param came when it was there
    private record Fetched(KeySet keys, long begun, long came) {}

    private record PendingFetch(long begun, CompletableFuture<Fetched> result) {}

    /// @param name for the log
    /// @param cache how long keys are good
    /// @param provider notified how fetches end
    public RemoteKeys(String name, Fetch fetch, Duration cache, ProviderHealth provider) {
        this.name = name;
        this.fetch = fetch;
        this.provider = provider;
        this.good = cache.toNanos();
        this.retryAt = System.nanoTime();
        begin();
    }

    @Override
    public List<Key> matching(JWSHeader header) throws KeySourceException {
        long since = System.nanoTime();
        List<Key> found = current(since).matching(header);
        return found.isEmpty() ? fetchedSince(since).matching(header) : found;
    }

    @Override
    public int generation() {
        Fetched have = last;
        if (have != null && isAging(have, System.nanoTime())) {
            begin();
        }
        return generation.get();
    }

    /// A fifth of the time is left for the fetch, and for a provider that is away for a moment.
    private boolean isAging(Fetched have, long now) {
        return now - have.came() > good / 5 * 4;
    }

    private KeySet current(long now) throws KeySourceException {
        Fetched have = last;
        if (have != null && !isAging(have, now)) {
            return have.keys();
        }
        PendingFetch pendingFetch = begin();
        if (have == null) {
            if (pendingFetch == null) {
                throw new KeySourceException("the keys of " + name + " cannot be fetched");
            }
            return await(pendingFetch).keys();
        }
        if (pendingFetch != null && now - have.came() > good) {
            try {
                return await(pendingFetch).keys();
            } catch (KeySourceException e) {
                return have.keys(); // the last good ones
            }
        }
        return have.keys();
    }

    /// Begins to fetch, unless that failed a moment ago.
    private @Nullable PendingFetch begin() {
        if (System.nanoTime() - retryAt < 0) {
            return null;
        }
        lock.lock();
        try {
            return running == null ? start(System.nanoTime()) : running;
        } finally {
            lock.unlock();
        }
    }

    private KeySet fetchedSince(long since) throws KeySourceException {
        while (true) {
            PendingFetch pendingFetch;
            lock.lock();
            try {
                Fetched have = last;
                if (have != null && have.begun() - since >= 0) {
                    return have.keys();
                }
                pendingFetch = running;
                if (pendingFetch == null) {
                    pendingFetch = start(Math.max(System.nanoTime(), lastBegun + SECOND));
                }
            } finally {
                lock.unlock();
            }
            Fetched fetched = await(pendingFetch);
            if (fetched.begun() - since >= 0) {
                return fetched.keys();
            }
        }
    }

    /// Under the lock.
    private PendingFetch start(long at) {
        PendingFetch pendingFetch = new PendingFetch(at, new CompletableFuture<>());
        running = pendingFetch;
        lastBegun = at;
        Barrier.start(
                Thread.ofVirtual().name("jwks"),
                Barrier.ending(
                        "auth",
                        () -> failed(pendingFetch, new IllegalStateException("internal error"))),
                () -> fetch(pendingFetch));
        return pendingFetch;
    }

    private void fetch(PendingFetch pendingFetch) {
        long early = pendingFetch.begun() - System.nanoTime();
        while (early > 0) {
            LockSupport.parkNanos(early);
            early = pendingFetch.begun() - System.nanoTime();
        }
        try {
            KeySet keys = KeySet.parse(fetch.jwks());
            fetched(pendingFetch, new Fetched(keys, pendingFetch.begun(), System.nanoTime()));
        } catch (IOException | ParseException | RuntimeException e) {
            failed(pendingFetch, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failed(pendingFetch, e);
        }
    }

    private void fetched(PendingFetch pendingFetch, Fetched now) {
        lock.lock();
        try {
            Fetched before = last;
            if (before != null && !before.keys().isWithin(now.keys())) {
                generation.incrementAndGet();
            }
            last = now;
            running = null;
            provider.onSuccess();
            if (failures > 0) {
                log.info("{}: its keys are there", name);
            }
            failures = 0;
        } finally {
            lock.unlock();
        }
        pendingFetch.result().complete(now);
    }

    private void failed(PendingFetch pendingFetch, Exception cause) {
        lock.lock();
        try {
            running = null;
            long pause = Math.min(LONGEST_PAUSE, SECOND << Math.min(failures, 5));
            retryAt = System.nanoTime() + pause;
            provider.onFailure(cause);
            if (failures++ == 0) {
                String kept = last == null ? "" : "; those of before stay in use";
                log.warn("{}: its keys cannot be fetched: {}{}", name, cause.toString(), kept);
            }
        } finally {
            lock.unlock();
        }
        pendingFetch.result().completeExceptionally(cause);
    }

    private Fetched await(PendingFetch pendingFetch) throws KeySourceException {
        try {
            return pendingFetch.result().get(WAIT, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new KeySourceException("the keys of " + name + " cannot be fetched", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KeySourceException("interrupted", e);
        }
    }
}
