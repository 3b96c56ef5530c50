package dev.sluice.policy.ratelimit;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How many requests of one key pass.
///
/// @param name distinguishes it from others of the policy, in messages and in `RateLimit` header
///   fields
/// @param key what requests are counted by; empty counts all together
/// @param when which requests are counted
/// @param rate how many pass
/// @param cost what a request takes
/// @param scope who counts together
public record Limit(String name, List<KeyPart> key, When when, Rate rate, Cost cost, Scope scope) {

    public Limit {
        key = List.copyOf(key);
    }

    /// A limit on each replica, of which each request takes one.
    public Limit(String name, List<KeyPart> key, When when, Rate rate) {
        this(name, key, when, rate, Cost.ONE, Scope.LOCAL);
    }

    /// Who counts together.
    public enum Scope {
        /// Each replica on its own.
        LOCAL,
        /// All replicas, in Redis.
        GLOBAL
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

        /// A string in CEL; requests for which it has no result share the empty value.
        record Cel(String expression) implements KeyPart {}
    }

    /// Which requests are counted: those that hold all that is set.
    ///
    /// @param methods exact, one of them
    /// @param paths prefixes by path element, one of them, in any reading of a path
    /// @param headers each has to hold
    /// @param cel a condition, null for none; a request for which it has no result is counted
    public record When(
            List<String> methods, List<String> paths, List<Header> headers, @Nullable String cel) {

        public static final When ALWAYS = new When(List.of(), List.of());

        public When {
            methods = List.copyOf(methods);
            paths = List.copyOf(paths);
            headers = List.copyOf(headers);
        }

        public When(List<String> methods, List<String> paths) {
            this(methods, paths, List.of(), null);
        }

        /// @param name in lower case
        /// @param anyOf values, one of which the field has; empty: it is there
        public record Header(String name, List<String> anyOf) {
            public Header {
                anyOf = List.copyOf(anyOf);
            }
        }
    }

    /// What a request takes out of the bucket.
    ///
    /// @param request at least 1
    /// @param requestHeader name in lower case of a request header field whose number takes the
    ///   place of `request`, null for none
    /// @param responseHeader name in lower case of a response header field whose number is taken
    ///   afterwards, on top; null for none
    public record Cost(
            long request, @Nullable String requestHeader, @Nullable String responseHeader) {

        public static final Cost ONE = new Cost(1, null, null);
    }

    /// A token bucket.
    ///
    /// @param requests that are refilled in `per`, at least 1
    /// @param per more than zero
    /// @param burst size of the bucket, at least 1: how many pass at once after a pause; it fills
    ///   in less than 100 years
    public record Rate(long requests, Duration per, long burst) {

        private static final long LONGEST = Duration.ofDays(36_500).toNanos();

        /// What stands for it in the keys of Redis. It must stay as it is, whatever is renamed:
        /// with another text every bucket is a new one, and replicas of two versions count apart.
        String keyText() {
            return "Rate[requests=" + requests + ", per=" + per + ", burst=" + burst + "]";
        }

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
            if (burst > LONGEST / Math.max(1, per.toNanos() / requests)) {
                throw new IllegalArgumentException(
                        "rate: a bucket of " + burst + " would take more than 100 years to fill");
            }
        }

        /// Nanoseconds that one request costs.
        long interval() {
            return Math.max(1, per.toNanos() / requests);
        }

        /// Nanoseconds in which an empty bucket fills.
        long size() {
            return burst * interval();
        }
    }
}
