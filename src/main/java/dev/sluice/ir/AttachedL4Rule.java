package dev.sluice.ir;

import java.util.List;

/// A rule of connections on one listener.
///
/// @param hostnames the route's own hostnames that intersect the listener's, never empty;
///   [HostPattern#ANY] stands for a route without hostnames
public record AttachedL4Rule(List<HostPattern> hostnames, L4Rule rule) {

    public AttachedL4Rule {
        hostnames = List.copyOf(hostnames);
        if (hostnames.isEmpty()) {
            throw new IllegalArgumentException("rule " + rule.origin() + " has no hostnames");
        }
    }
}
