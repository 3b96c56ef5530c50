package dev.sluice.upstream.pool;

import dev.sluice.barrier.Barrier;
import dev.sluice.http.ClientStream;
import dev.sluice.http.Failure;
import dev.sluice.http.RequestHead;
import dev.sluice.http.ResponseEvents;
import org.jspecify.annotations.Nullable;

/// What a caller wants sent to an endpoint. [#onOpen] and [#onRefused] exclude each other; both
/// come on the caller's event loop, possibly before the call that asked for the stream returns.
public interface StreamRequest extends Barrier.Owner {

    /// The head to send.
    RequestHead head();

    /// Whether the request ends with its head.
    boolean endsWithHead();

    /// Whether it needs a new connection: an idle one has failed it before.
    boolean isFresh();

    /// Where the response goes.
    ResponseEvents events();

    /// The head was written to a connection.
    ///
    /// @param reused whether the connection had served before, so that the backend may just be
    ///   closing it
    void onOpen(ClientStream stream, boolean reused);

    /// There is no connection; nothing was sent.
    void onRefused(Failure failure);

    /// Who wants it, as far as clients share places with each other; null for a request of our own.
    default @Nullable String client() {
        return null;
    }

    /// Whether the caller has lost interest while it waited.
    boolean isCancelled();
}
