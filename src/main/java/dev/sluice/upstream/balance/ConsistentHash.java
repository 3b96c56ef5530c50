package dev.sluice.upstream.balance;

import dev.sluice.ir.LoadBalancer.Hash;
import dev.sluice.upstream.pool.EndpointPool;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The same endpoint for requests with the same value, in each replica.
///
/// A ring: each endpoint has [#POINTS] places on it, found by hashing its address, and a value
/// belongs to the first place at or behind its own hash. An endpoint that comes takes only what
/// falls to its places, about one part in n; one that goes leaves its parts to its neighbours, and
/// nothing else moves. With that many places the shares of endpoints differ by about a tenth (the
/// standard deviation is `1/√POINTS`).
///
/// A place is one number: the hash in front, the endpoint's index in the last [#INDEX_BITS] bits.
/// So a pick is a binary search in one array, and allocates nothing.
final class ConsistentHash implements Balancer {

    private static final int POINTS = 128;
    private static final int INDEX_BITS = 20;
    private static final long INDEX = (1L << INDEX_BITS) - 1;

    private final EndpointPool[] among;
    private final long[] ring;
    private final Hash hash;
    private final LeastRequest others;

    ConsistentHash(EndpointPool[] among, Hash hash) {
        this.among = among;
        this.hash = hash;
        this.others = new LeastRequest(among);
        this.ring = new long[among.length * POINTS];
        for (int i = 0; i < among.length; i++) {
            long at = hash(among[i].address());
            for (int j = 0; j < POINTS; j++) {
                at = mixed(at + j);
                ring[i * POINTS + j] = at & ~INDEX | i;
            }
        }
        Arrays.sort(ring);
    }

    @Override
    public EndpointPool pick(@Nullable EndpointPool not, @Nullable HashInput of) {
        String value = of == null ? null : value(of);
        if (value == null) {
            return others.pick(not, of);
        }
        int found = Arrays.binarySearch(ring, hash(value) & ~INDEX);
        int at = found < 0 ? -found - 1 : found;
        EndpointPool next = at(at);
        while (next == not) {
            next = at(++at);
        }
        return next;
    }

    private EndpointPool at(int place) {
        return among[(int) (ring[place % ring.length] & INDEX)];
    }

    private @Nullable String value(HashInput of) {
        return switch (hash) {
            case Hash.Header(String name) -> of.header(name);
            case Hash.Cookie(String name) -> of.cookie(name);
            case Hash.ClientIp() -> of.clientHost();
        };
    }

    /// FNV-1a, 64 bits, over the characters, then mixed so that near values are far apart.
    private static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return mixed(hash);
    }

    /// The finalizer of SplitMix64.
    private static long mixed(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
