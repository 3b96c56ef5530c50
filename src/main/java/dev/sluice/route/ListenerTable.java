package dev.sluice.route;

import dev.sluice.ir.HttpListener;
import org.jspecify.annotations.Nullable;

/// The rules of one listener, compiled. A request that belongs to a listener is served by its rules
/// or by none.
///
/// @param <R> what rules are compiled to
public final class ListenerTable<R> {

    private final HttpListener listener;
    private final HostIndex<PathIndex<R>> hosts;

    ListenerTable(HttpListener listener, HostIndex<PathIndex<R>> hosts) {
        this.listener = listener;
        this.hosts = hosts;
    }

    /// The listener that this was compiled from.
    public HttpListener listener() {
        return listener;
    }

    HostIndex<PathIndex<R>> hosts() {
        return hosts;
    }

    /// The rule that takes the request, null if none does.
    ///
    /// Rules of the most specific hostname come first; a request that they don't take falls through
    /// to the next less specific hostname. It ends without a result as well when a regular
    /// expression takes too much work to decide, see [BoundedRegex].
    public @Nullable RouteEntry<R> find(RequestView request) {
        try {
            RouteEntry<R> found = null;
            Nested<PathIndex<R>> level = hosts.find(request.host());
            while (found == null && level != null) {
                found = level.value().find(request);
                level = level.wider();
            }
            return found;
        } catch (BoundedRegex.Undecided _) {
            return null;
        }
    }
}
