package dev.sluice.ir;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Header fields that frame a message, belong to one connection (RFC 9110 7.6.1, 7.8, 10.1.1) or
/// say where it goes. They are written from typed values only: a filter, a policy or a backend that
/// could set one as text could make two readers of a message disagree about where it ends.
public final class FramingFields {

    private static final Set<String> NAMES =
            Set.of(
                    "content-length",
                    "transfer-encoding",
                    "connection",
                    "keep-alive",
                    "proxy-connection",
                    "te",
                    "trailer",
                    "upgrade",
                    "http2-settings",
                    "expect",
                    "host");

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
