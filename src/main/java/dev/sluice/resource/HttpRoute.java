package dev.sluice.resource;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// `gateway.networking.k8s.io/v1` HTTPRoute.
public record HttpRoute(Metadata metadata, Spec spec) implements Route {

    public record Spec(List<ParentRef> parentRefs, List<String> hostnames, List<Rule> rules)
            implements Route.Spec {
        public Spec {
            parentRefs = Defaults.list(parentRefs);
            hostnames = Defaults.list(hostnames);
            rules = rules == null ? List.of(Rule.DEFAULT) : List.copyOf(rules);
        }
    }

    public record Rule(
            @Nullable String name,
            List<Match> matches,
            List<Filter> filters,
            List<BackendRef> backendRefs,
            @Nullable Timeouts timeouts,
            @Nullable Retry retry,
            @Nullable SessionPersistence sessionPersistence)
            implements Route.Rule {
        static final Rule DEFAULT =
                new Rule(null, List.of(), List.of(), List.of(), null, null, null);

        public Rule {
            matches = Defaults.list(matches);
            filters = Defaults.list(filters);
            backendRefs = Defaults.list(backendRefs);
        }
    }

    public record Match(
            PathMatch path,
            List<ValueMatch> headers,
            List<ValueMatch> queryParams,
            @Nullable String method) {
        public Match {
            path = path == null ? new PathMatch("PathPrefix", "/") : path;
            headers = Defaults.list(headers);
            queryParams = Defaults.list(queryParams);
        }
    }

    /// @param type `Exact`, `PathPrefix` or `RegularExpression`
    public record PathMatch(String type, String value) {
        public PathMatch {
            type = Defaults.text(type, "PathPrefix");
            value = Defaults.text(value, "/");
        }
    }
}
