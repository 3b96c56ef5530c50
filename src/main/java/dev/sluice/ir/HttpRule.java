package dev.sluice.ir;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One rule of an HTTPRoute or GRPCRoute.
///
/// @param origin where it was written
/// @param matches alternatives, at least one
/// @param filters in the order in which they were written
/// @param backends weighted; empty answers 500 unless a filter answers first
/// @param timeouts time limits
/// @param retry when a request is sent again, null for never
/// @param session keeps sessions on one endpoint, null not to
/// @param policies sections of policies that are in effect
public record HttpRule(
        Origin origin,
        List<HttpMatch> matches,
        List<HttpFilter> filters,
        List<Backend> backends,
        Timeouts timeouts,
        @Nullable Retry retry,
        @Nullable SessionPersistence session,
        List<AttachedPolicy> policies) {

    /// A rule without policies.
    public HttpRule(
            Origin origin,
            List<HttpMatch> matches,
            List<HttpFilter> filters,
            List<Backend> backends,
            Timeouts timeouts,
            @Nullable Retry retry,
            @Nullable SessionPersistence session) {
        this(origin, matches, filters, backends, timeouts, retry, session, List.of());
    }

    public HttpRule {
        matches = List.copyOf(matches);
        filters = List.copyOf(filters);
        backends = List.copyOf(backends);
        policies = List.copyOf(policies);
        if (matches.isEmpty()) {
            throw new IllegalArgumentException("rule " + origin + " has no matches");
        }
    }

    /// Short text for what stays the same while the rules around it change: the route, and the
    /// rule's name or else its matches. Equal in each replica.
    public static String identity(Origin origin, List<HttpMatch> matches) {
        String name = origin.ruleName();
        String text =
                String.join(
                        "/",
                        origin.kind(),
                        origin.namespace(),
                        origin.name(),
                        name == null ? MatchText.of(matches) : name);
        return String.format(Locale.ROOT, "%08x", text.hashCode());
    }

    /// The same rule under policies.
    public HttpRule with(List<AttachedPolicy> attached) {
        return attached.isEmpty() ? this : with(backends, attached);
    }

    /// The same rule under policies, and with backends under policies.
    public HttpRule with(List<Backend> under, List<AttachedPolicy> attached) {
        return new HttpRule(origin, matches, filters, under, timeouts, retry, session, attached);
    }
}
