package dev.sluice.resource;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// `gateway.networking.k8s.io/v1` HTTPRoute.
public record HttpRoute(Metadata metadata, Spec spec) implements Resource {

    public record Spec(List<ParentRef> parentRefs, List<String> hostnames, List<Rule> rules) {
        public Spec {
            parentRefs = Defaults.list(parentRefs);
            hostnames = Defaults.list(hostnames);
            rules = rules == null ? List.of(Rule.DEFAULT) : List.copyOf(rules);
        }
    }

    /// @param namespace null for the route's own
    /// @param sectionName of a listener, null for all
    /// @param port of a listener, null for all
    public record ParentRef(
            String group,
            String kind,
            @Nullable String namespace,
            String name,
            @Nullable String sectionName,
            @Nullable Integer port) {
        public ParentRef {
            group = Defaults.text(group, Gateway.GROUP);
            kind = Defaults.text(kind, "Gateway");
        }
    }

    public record Rule(
            @Nullable String name,
            List<Match> matches,
            List<Filter> filters,
            List<BackendRef> backendRefs,
            @Nullable Timeouts timeouts) {
        static final Rule DEFAULT = new Rule(null, List.of(), List.of(), List.of(), null);

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

    /// @param type `Exact` or `RegularExpression`
    public record ValueMatch(String type, String name, String value) {
        public ValueMatch {
            type = Defaults.text(type, "Exact");
        }
    }

    /// GEP-2257 durations.
    public record Timeouts(@Nullable String request, @Nullable String backendRequest) {}

    public record BackendRef(
            String group,
            String kind,
            @Nullable String namespace,
            String name,
            @Nullable Integer port,
            @Nullable Integer weight,
            List<Filter> filters) {
        public BackendRef {
            group = Defaults.text(group, "");
            kind = Defaults.text(kind, "Service");
            filters = Defaults.list(filters);
        }
    }

    /// A union by its type.
    public record Filter(
            String type,
            @Nullable HeaderFilter requestHeaderModifier,
            @Nullable HeaderFilter responseHeaderModifier,
            @Nullable Redirect requestRedirect,
            @Nullable Rewrite urlRewrite,
            @Nullable ExtensionRef extensionRef) {}

    public record HeaderFilter(List<Header> set, List<Header> add, List<String> remove) {
        public HeaderFilter {
            set = Defaults.list(set);
            add = Defaults.list(add);
            remove = Defaults.list(remove);
        }
    }

    public record Header(String name, String value) {
        public Header {
            value = Defaults.text(value, "");
        }
    }

    public record Redirect(
            @Nullable String scheme,
            @Nullable String hostname,
            @Nullable PathModifier path,
            @Nullable Integer port,
            @Nullable Integer statusCode) {}

    public record Rewrite(@Nullable String hostname, @Nullable PathModifier path) {}

    /// @param type `ReplaceFullPath` or `ReplacePrefixMatch`
    public record PathModifier(
            String type, @Nullable String replaceFullPath, @Nullable String replacePrefixMatch) {}

    public record ExtensionRef(String group, String kind, String name) {}
}
