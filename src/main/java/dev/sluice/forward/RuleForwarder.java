package dev.sluice.forward;

import dev.sluice.engine.BackendRequest;
import dev.sluice.engine.Exchange;
import dev.sluice.engine.Forwarder;
import dev.sluice.engine.MirrorSet;
import dev.sluice.http.ResponseEvents;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The backends and mirrors of a rule, and how its requests get there.
///
/// @param targets its backends
/// @param mirrors get copies of its requests
/// @param stickySessions keeps sessions on one endpoint, null not to
/// @param backendTimeout nanoseconds of one try, 0 for none
/// @param retryPolicy when a request is sent again
public record RuleForwarder(
        Targets targets,
        List<MirrorTarget> mirrors,
        @Nullable StickySessions stickySessions,
        long backendTimeout,
        UpstreamRetryPolicy retryPolicy)
        implements Forwarder {

    public RuleForwarder {
        mirrors = List.copyOf(mirrors);
    }

    @Override
    public BackendRequest prepare(Exchange exchange, boolean end, ResponseEvents events) {
        return new UpstreamRequest(this, exchange, end, events);
    }

    @Override
    public MirrorSet mirrors(Exchange exchange, boolean end) {
        return mirrors.isEmpty() ? MirrorSet.NONE : Tee.begin(mirrors, exchange, end);
    }
}
