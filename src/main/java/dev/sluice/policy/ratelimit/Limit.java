package dev.sluice.policy.ratelimit;

import java.time.Duration;
import java.util.List;

/// How many requests of one key pass.
///
/// @param name tells it from others of the policy, in messages and in `RateLimit` header fields
/// @param key what requests are counted by; empty counts all together
/// @param when which requests are counted
/// @param rate how many pass
public record Limit(String name, List<KeyPart> key, When when, Rate rate) {

    public Limit {
        key = List.copyOf(key);
    }

    /// A part of the key.
    public sealed interface KeyPart {

        /// The value of a header field; requests without it share the empty value.
        ///
        /// @param name in lower case
        record Header(String name) implements KeyPart {}

        /// A claim of who sent the request; requests without it share the empty value.
        ///
        /// @param name a name, or a path of names with dots between them
        record Claim(String name) implements KeyPart {}

        /// The client's address.
        ///
        /// @param v6Prefix bits of an IPv6 address that count, 1 to 128: a site has a whole prefix
        record ClientIp(int v6Prefix) implements KeyPart {}
    }

    /// Which requests are counted: those that every non-empty list takes.
    ///
    /// @param methods exact
    /// @param paths prefixes by path element, on the path as matching sees it
    public record When(List<String> methods, List<String> paths) {

        public static final When ALWAYS = new When(List.of(), List.of());

        public When {
            methods = List.copyOf(methods);
            paths = List.copyOf(paths);
        }
    }

    /// A token bucket.
    ///
    /// @param requests that are refilled in `per`, at least 1
    /// @param per more than zero
    /// @param burst size of the bucket, at least 1: how many pass at once after a pause
    public record Rate(long requests, Duration per, long burst) {

        public Rate {
            if (requests < 1 || burst < 1 || !per.isPositive()) {
                throw new IllegalArgumentException(
                        "rate must be positive, was "
                                + requests
                                + " per "
                                + per
                                + ", burst "
                                + burst);
            }
        }

        /// Nanoseconds that one request costs.
        long interval() {
            return Math.max(1, per.toNanos() / requests);
        }
    }
}
