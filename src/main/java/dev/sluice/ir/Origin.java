package dev.sluice.ir;

import java.time.Instant;
import java.util.Comparator;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Where a rule comes from: what users see in messages, and what ranks equal matches.
///
/// Ordered as Gateway API ranks ties: oldest object, then `namespace/name`, then the rule's place.
///
/// @param kind `HTTPRoute`, `GRPCRoute`
/// @param namespace of the route
/// @param name of the route
/// @param rule index of the rule in the route, from 0
/// @param ruleName the rule's own name, if it has one
/// @param created the route's creationTimestamp; [Instant#EPOCH] when it has none
public record Origin(
        String kind,
        String namespace,
        String name,
        int rule,
        @Nullable String ruleName,
        Instant created)
        implements Comparable<Origin> {

    private static final Comparator<Origin> ORDER =
            Comparator.comparing(Origin::created)
                    .thenComparing(Origin::namespace)
                    .thenComparing(Origin::name)
                    .thenComparing(Origin::kind)
                    .thenComparingInt(Origin::rule);

    /// The rule's identity in logs, metrics, `/actuator/gateway/routes` and `explain`:
    /// `httproute/namespace/name/0`, or the rule's name in place of the index.
    public String id() {
        return kind.toLowerCase(Locale.ROOT)
                + "/"
                + namespace
                + "/"
                + name
                + "/"
                + (ruleName != null ? ruleName : rule);
    }

    @Override
    public int compareTo(Origin other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return id();
    }
}
