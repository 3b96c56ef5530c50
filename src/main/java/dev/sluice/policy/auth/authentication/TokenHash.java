package dev.sluice.policy.auth.authentication;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sluice.digest.Sha256;
import io.netty.util.concurrent.FastThreadLocal;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;

/// SHA-256 of a secret that a client sent: what caches keep in its place.
public record TokenHash(long a, long b, long c, long d) {

    private static final int MOST = 10_000;

    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final FastThreadLocal<MessageDigest> SHA =
            new FastThreadLocal<>() {
                @Override
                protected MessageDigest initialValue() {
                    return Sha256.digest();
                }
            };

    public static TokenHash of(String secret) {
        return read(SHA.get().digest(secret.getBytes(StandardCharsets.UTF_8)));
    }

    /// @param hash 32 bytes
    public static TokenHash read(byte[] hash) {
        return new TokenHash(
                (long) LONG.get(hash, 0),
                (long) LONG.get(hash, 8),
                (long) LONG.get(hash, 16),
                (long) LONG.get(hash, 24));
    }

    /// A cache by hashes, of as many as clients may fill.
    ///
    /// @param kept how long an entry stays
    public static <V> Cache<TokenHash, V> cache(Duration kept) {
        return Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfterWrite(kept)
                .executor(Runnable::run)
                .build();
    }

    @Override
    public String toString() {
        return "TokenHash";
    }
}
