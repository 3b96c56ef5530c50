package dev.sluice.ir;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Section `loadBalancer` of a ResiliencePolicy: how the endpoints of a Service's port are chosen.
///
/// @param type the way
/// @param hash what of a request is hashed; null but for [Type#CONSISTENT_HASH]
/// @param slowStart how long the share of a new endpoint grows, at most an hour; zero for its whole
///   share at once
public record LoadBalancer(Type type, @Nullable Hash hash, Duration slowStart)
        implements PolicySection {

    /// A way to choose.
    public enum Type {
        /// The one with fewer open requests of two picked at random (the power of two choices).
        LEAST_REQUEST,
        /// One after the other.
        ROUND_ROBIN,
        /// Any.
        RANDOM,
        /// The same one for the same value, also when others come and go.
        CONSISTENT_HASH
    }

    /// What of a request is hashed. Requests without it are spread by [Type#LEAST_REQUEST].
    public sealed interface Hash {

        /// @param name of a header field, in lower case
        record Header(String name) implements Hash {}

        /// @param name of a cookie
        record Cookie(String name) implements Hash {}

        /// The client's address.
        record ClientIp() implements Hash {}
    }

    @Override
    public String text() {
        String way =
                switch (type) {
                    case LEAST_REQUEST -> "least requests of two";
                    case ROUND_ROBIN -> "in turns";
                    case RANDOM -> "at random";
                    case CONSISTENT_HASH -> "by hash";
                };
        String of =
                switch (hash) {
                    case null -> "";
                    case Hash.Header(String name) -> " of header " + name;
                    case Hash.Cookie(String name) -> " of cookie " + name;
                    case Hash.ClientIp() -> " of the client's address";
                };
        return way + of + (slowStart.isZero() ? "" : ", slow start of " + slowStart);
    }

    @Override
    public boolean restricts() {
        return false;
    }
}
