package dev.sluice.translate.route;

import dev.sluice.resource.Gateway;
import dev.sluice.resource.ListenerSet;
import dev.sluice.resource.NamespacedName;
import dev.sluice.resource.Resources;
import dev.sluice.resource.Route;
import dev.sluice.translate.context.AllowedNamespaces;
import dev.sluice.translate.context.TranslationSettings;
import dev.sluice.translate.gateway.GatewayState;
import dev.sluice.translate.gateway.GatewayTranslator;
import dev.sluice.translate.gateway.ListenerState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The parents of routes that are ours: others answer for theirs.
public final class RouteParents {

    private final TranslationSettings translationSettings;
    private final Resources resources;
    private final Map<NamespacedName, GatewayState> gateways;
    private final AllowedNamespaces allowedNamespaces;

    public RouteParents(
            TranslationSettings translationSettings,
            Resources resources,
            Map<NamespacedName, GatewayState> gateways) {
        this.translationSettings = translationSettings;
        this.resources = resources;
        this.gateways = gateways;
        this.allowedNamespaces = new AllowedNamespaces(resources);
    }

    /// A parent of ours with what it offers.
    record Parent(Route.ParentRef ref, GatewayState gateway, List<ListenerState> listeners) {}

    /// The parents that a route refers to, each with the listeners that it attaches to.
    ///
    /// @param findings notified why it does not attach to one
    Map<Parent, Attachment> attachments(Route route, RouteFindings findings) {
        Map<Parent, Attachment> attachments = new LinkedHashMap<>();
        for (Route.ParentRef ref : route.parentRefs()) {
            Parent parent = find(route, ref);
            if (parent == null) {
                findings.missing(ref, resources, translationSettings);
                continue;
            }
            Attachment attachment =
                    Attachment.of(route, ref, parent.listeners(), allowedNamespaces);
            if (attachment.rejection() != null) {
                findings.add(ref, attachment.rejection());
            }
            attachments.put(parent, attachment);
        }
        return attachments;
    }

    /// The references of a route to parents of ours; none where that cannot be found out.
    public List<Route.ParentRef> ours(Route route) {
        try {
            return route.parentRefs().stream().filter(ref -> find(route, ref) != null).toList();
        } catch (RuntimeException e) {
            return List.of(); // the error has been reported
        }
    }

    /// The listener of that index of a Gateway.
    ListenerState listener(NamespacedName gateway, int index) {
        return Objects.requireNonNull(gateways.get(gateway)).listeners().get(index);
    }

    private @Nullable Parent find(Route route, Route.ParentRef ref) {
        if (!ref.group().equals(Gateway.GROUP)) {
            return null;
        }
        String namespace = ref.namespace() == null ? route.namespace() : ref.namespace();
        return switch (ref.kind()) {
            case "Gateway" -> {
                GatewayState state = gateways.get(new NamespacedName(namespace, ref.name()));
                yield state == null
                        ? null
                        : new Parent(ref, state, state.listenersOf(state.gateway()));
            }
            case "ListenerSet" -> {
                ListenerSet set = resources.find(ListenerSet.class, namespace, ref.name());
                yield set == null ? null : find(ref, set);
            }
            default -> null;
        };
    }

    private @Nullable Parent find(Route.ParentRef ref, ListenerSet set) {
        for (GatewayState state : gateways.values()) {
            if (GatewayTranslator.isParent(set, state.gateway())) {
                return new Parent(ref, state, state.listenersOf(set));
            }
        }
        return null;
    }
}
