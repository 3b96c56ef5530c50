package dev.sluice.resource;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// `gateway.networking.k8s.io/v1` GRPCRoute (GEP-1016).
public record GrpcRoute(Metadata metadata, Spec spec) implements Route {

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
            @Nullable SessionPersistence sessionPersistence)
            implements Route.Rule {
        static final Rule DEFAULT = new Rule(null, List.of(), List.of(), List.of(), null);

        public Rule {
            matches = Defaults.list(matches);
            filters = Defaults.list(filters);
            backendRefs = Defaults.list(backendRefs);
        }
    }

    public record Match(@Nullable MethodMatch method, List<ValueMatch> headers) {
        public Match {
            headers = Defaults.list(headers);
        }
    }

    /// @param type `Exact` or `RegularExpression`
    public record MethodMatch(String type, @Nullable String service, @Nullable String method) {
        public MethodMatch {
            type = Defaults.text(type, "Exact");
        }
    }
}
