package dev.sluice.ir;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A listener of protocol HTTP (no [Tls]) or HTTPS.
///
/// @param name `namespace/gateway/listener`
/// @param hostname which hosts it takes
/// @param tls how TLS is terminated, null for plain HTTP
/// @param rules rules of the routes attached to it, in no particular order
/// @param strictPaths whether paths are refused that hold `;`, `%3B`, `%2F` or `%5C`
public record HttpListener(
        String name,
        HostPattern hostname,
        @Nullable Tls tls,
        List<AttachedRule> rules,
        boolean strictPaths)
        implements Listener {

    /// One that takes these paths.
    public HttpListener(
            String name, HostPattern hostname, @Nullable Tls tls, List<AttachedRule> rules) {
        this(name, hostname, tls, rules, false);
    }

    public HttpListener {
        rules = List.copyOf(rules);
    }
}
