package dev.sluice.ir;

import java.util.List;

/// A rule on one listener.
///
/// @param hostnames the route's own hostnames that intersect the listener's; never empty,
///   [HostPattern#ANY] stands for a route without hostnames. They rank the rule (the hostname as
///   the user wrote it, not the intersection), and since a request has passed the listener's
///   hostname before, they also decide the match.
/// @param rule the rule
public record AttachedRule(List<HostPattern> hostnames, HttpRule rule) {

    public AttachedRule {
        hostnames = List.copyOf(hostnames);
        if (hostnames.isEmpty()) {
            throw new IllegalArgumentException("rule " + rule.origin() + " has no hostnames");
        }
    }
}
