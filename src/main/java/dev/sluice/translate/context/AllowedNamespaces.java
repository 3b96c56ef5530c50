package dev.sluice.translate.context;

import dev.sluice.resource.Gateway.RouteNamespaces;
import dev.sluice.resource.Namespace;
import dev.sluice.resource.Resources;

/// Which namespaces an owner lets attach to it.
public final class AllowedNamespaces {

    private final Resources resources;

    public AllowedNamespaces(Resources resources) {
        this.resources = resources;
    }

    /// @param namespace of what wants to attach
    /// @param own of what it wants to attach to
    public boolean allow(RouteNamespaces allowed, String namespace, String own) {
        return switch (allowed.from()) {
            case "All" -> true;
            case "Same" -> namespace.equals(own);
            case "Selector" -> {
                Namespace object = resources.find(Namespace.class, "", namespace);
                yield object != null
                        && allowed.selector() != null
                        && allowed.selector().matches(object.metadata().labels());
            }
            default -> false;
        };
    }
}
