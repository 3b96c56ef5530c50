package dev.sluice.ir;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A listener of protocol TLS, whose connections go to backends as they are.
///
/// @param name `namespace/gateway/listener`
/// @param hostname which server names it takes
/// @param tls how TLS is terminated; null where it is passed through
/// @param rules of the routes attached to it, oldest first
public record TlsListener(
        String name, HostPattern hostname, @Nullable Tls tls, List<AttachedL4Rule> rules)
        implements Listener {

    public TlsListener {
        rules = List.copyOf(rules);
    }
}
