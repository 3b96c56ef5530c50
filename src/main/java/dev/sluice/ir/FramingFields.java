package dev.sluice.ir;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Header fields that frame a message, belong to one connection (RFC 9110 7.6.1, 7.8, 10.1.1) or
/// say where it goes. They are written from typed values only: a filter, a policy or a backend that
/// could set one as text could make two readers of a message disagree about where it ends.
public final class FramingFields {

    /// Fields of one connection, which are neither passed on nor written from a head.
    public static final List<String> OF_CONNECTION =
            List.of(
                    "connection",
                    "keep-alive",
                    "proxy-connection",
                    "transfer-encoding",
                    "http2-settings");

    /// The rest, of which a head may hold what the gateway itself has put there.
    private static final List<String> OTHERS =
            List.of("content-length", "te", "trailer", "upgrade", "expect", "host");

    private static final Set<String> NAMES =
            Stream.of(OF_CONNECTION, OTHERS)
                    .flatMap(List::stream)
                    .collect(Collectors.toUnmodifiableSet());

    private FramingFields() {}

    /// Whether a field is one of them.
    public static boolean contains(String name) {
        return NAMES.contains(name.toLowerCase(Locale.ROOT));
    }

    /// What to say of a setting that names one; null for any other field.
    public static @Nullable String problem(String name) {
        if (!contains(name)) {
            return null;
        }
        String instead =
                name.equalsIgnoreCase("host")
                        ? "; URLRewrite.hostname changes the host of a request"
                        : "";
        return "\"" + name + "\" is written by the gateway and cannot be changed" + instead;
    }
}
