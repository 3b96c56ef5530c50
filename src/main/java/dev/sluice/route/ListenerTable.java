package dev.sluice.route;

import dev.sluice.ir.HttpListener;
import dev.sluice.path.PathReading;
import dev.sluice.path.PathTraits;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// The rules of one listener, compiled. A request that belongs to a listener is served by its rules
/// or by none.
///
/// @param <R> what rules are compiled to
public final class ListenerTable<R> {

    private final HttpListener listener;
    private final HostIndex<PathIndex<R>> hosts;
    private final boolean differs;

    ListenerTable(HttpListener listener, HostIndex<PathIndex<R>> hosts) {
        this.listener = listener;
        this.hosts = hosts;
        this.differs = differs(hosts.values().values());
        if (differs) {
            hosts.values().values().forEach(PathIndex::readings); // not with the first request
        }
    }

    /// Whether rules have different guards, on whatever hostnames.
    private static boolean differs(Collection<? extends PathIndex<?>> indexes) {
        Guards first = null;
        for (PathIndex<?> index : indexes) {
            Guards common = index.guards();
            if (common == null || first != null && !first.equals(common)) {
                return true;
            }
            first = common;
        }
        return false;
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
            Candidate<R> found = candidate(request);
            return found == null ? null : found.routeEntry();
        } catch (BoundedRegex.Undecided _) {
            return null;
        }
    }

    private @Nullable Candidate<R> candidate(RequestView request) {
        Candidate<R> found = null;
        Nested<PathIndex<R>> level = hosts.find(request.host());
        while (found == null && level != null) {
            found = level.value().find(request, request.path());
            level = level.wider();
        }
        return found;
    }

    /// Whether the listener refuses a path, whatever its rules: it is strict, and the path holds
    /// what only some backends take for the begin of parameters or for a separator.
    public static boolean refuses(HttpListener listener, String path) {
        return listener.strictPaths() && PathTraits.hasHidden(PathTraits.of(path));
    }

    /// How a backend may read the path of a request so that it is one of a rule with other guards:
    /// then nobody knows what the request has to pass. Null where each reading leads to the same
    /// guards or to no rule, and where no rule takes the request.
    ///
    /// Where the rules of a host have the same guards, as most have, this costs next to nothing.
    public @Nullable OtherReading otherReading(RequestView request) {
        if (!differs) {
            return null;
        }
        Nested<PathIndex<R>> hostname = hosts.find(request.host());
        if (hostname == null || !differ(hostname)) {
            return null;
        }
        int own = PathTraits.of(request.path());
        int traits = own | traits(hostname);
        if (traits == 0) {
            return null;
        }
        try {
            Candidate<R> plain = candidate(request);
            if (plain == null) {
                return null;
            }
            if (!PathReading.isBeyond(own)) {
                return among(hostname, request, plain, traits);
            }
        } catch (BoundedRegex.Undecided _) {
            // Not to be known either.
        }
        return new OtherReading(request.path(), null);
    }

    /// Whether rules that may take a host have different guards.
    private static boolean differ(Nested<? extends PathIndex<?>> hostname) {
        Guards common = hostname.value().guards();
        if (common == null) {
            return true;
        }
        for (var wider = hostname.wider(); wider != null; wider = wider.wider()) {
            if (!common.equals(wider.value().guards())) {
                return true;
            }
        }
        return false;
    }

    private static int traits(Nested<? extends PathIndex<?>> hostname) {
        int traits = 0;
        for (Nested<? extends PathIndex<?>> level = hostname;
                level != null;
                level = level.wider()) {
            traits |= level.value().readings().traits();
        }
        return traits;
    }

    private static <R> @Nullable OtherReading among(
            Nested<PathIndex<R>> hostname, RequestView request, Candidate<R> plain, int traits) {
        for (PathReading reading : PathReading.of(traits)) {
            String path = reading.read(request.path());
            Candidate<R> found = null;
            Nested<PathIndex<R>> level = hostname;
            while (found == null && level != null) {
                found = level.value().readings().find(request, reading, path);
                level = level.wider();
            }
            if (found != null
                    && !found.guards().equals(plain.guards())
                    && !isSpeltBoth(plain, found, reading)) {
                return new OtherReading(path, found.routeEntry().rule());
            }
        }
        return null;
    }

    /// Whether somebody wrote rules for both spellings, and so said that they are not the same.
    ///
    /// @param found by the reading
    private static boolean isSpeltBoth(
            Candidate<?> plain, Candidate<?> found, PathReading reading) {
        return plain.match().path().getClass() == found.match().path().getClass()
                && plain.readBy(reading).path().equals(found.readBy(reading).path());
    }
}
