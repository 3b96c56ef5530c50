package dev.sluice.forward;

import dev.sluice.engine.BackendRequest;
import dev.sluice.engine.Exchange;
import dev.sluice.engine.Forwarder;
import dev.sluice.engine.MirrorSet;
import dev.sluice.http.ResponseEvents;
import java.util.List;

/// The way of a rule's requests to its backends and mirrors.
///
/// @param backends that answer them
/// @param mirrors get copies of its requests
public record RuleForwarder(RuleBackends backends, List<MirrorTarget> mirrors)
        implements Forwarder {

    public RuleForwarder {
        mirrors = List.copyOf(mirrors);
    }

    @Override
    public BackendRequest prepare(Exchange exchange, boolean end, ResponseEvents events) {
        return new UpstreamRequest(backends, exchange, end, events);
    }

    @Override
    public MirrorSet mirrors(Exchange exchange, boolean end) {
        return mirrors.isEmpty() ? MirrorSet.NONE : Tee.begin(mirrors, exchange, end);
    }
}
