package dev.sluice.resource;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A route of connections or datagrams, which looks at no message in them.
public sealed interface L4Route extends Route permits TcpRoute, TlsRoute {

    @Override
    Spec spec();

    @Override
    default List<Rule> rules() {
        return spec().rules();
    }

    /// @param hostnames of a TLSRoute; the other kinds have none
    record Spec(List<ParentRef> parentRefs, List<String> hostnames, List<Rule> rules)
            implements Route.Spec {
        public Spec {
            parentRefs = Defaults.list(parentRefs);
            hostnames = Defaults.list(hostnames);
            rules = Defaults.list(rules);
        }
    }

    record Rule(@Nullable String name, List<BackendRef> backendRefs) implements Route.Rule {
        public Rule {
            backendRefs = Defaults.list(backendRefs);
        }
    }
}
