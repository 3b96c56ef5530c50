package dev.sluice.ir;

import org.jspecify.annotations.Nullable;

/// A listener of protocol TCP.
///
/// @param name `namespace/gateway/listener`
/// @param rule takes every connection; null ends them
public record TcpListener(String name, @Nullable L4Rule rule) implements Listener {

    @Override
    public HostPattern hostname() {
        return HostPattern.ANY;
    }
}
