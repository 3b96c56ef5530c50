package dev.sluice.upstream.pool;

import dev.sluice.barrier.Barrier;
import dev.sluice.http.Failure;
import io.netty.channel.ChannelHandler;

/// A caller who wants a connection of its own to an endpoint. [#onOpen] and [#onRefused] exclude
/// each other; both come on the caller's event loop, possibly before the call that asked for the
/// connection returns.
public interface ConnectionRequest extends Barrier.Owner {

    /// Reads the connection. Nothing is read before it asks for it.
    ChannelHandler handler();

    /// The connection is open, TLS included.
    void onOpen();

    /// There is no connection; nothing was sent.
    void onRefused(Failure failure);
}
