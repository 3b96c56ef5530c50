package dev.sluice.translate;

import dev.sluice.ir.AttachedRule;
import dev.sluice.ir.Configuration;
import dev.sluice.ir.HttpRule;
import dev.sluice.ir.Port;
import dev.sluice.resource.Condition;
import dev.sluice.resource.Gateway;
import dev.sluice.resource.GatewayClass;
import dev.sluice.resource.HttpRoute;
import dev.sluice.resource.Kinds;
import dev.sluice.resource.ObjectRef;
import dev.sluice.resource.Resources;
import dev.sluice.resource.Status;
import dev.sluice.resource.Statuses;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The pure function from a snapshot to a configuration and the statuses that explain it: no clock,
/// no I/O. What users wrote never makes it throw.
public final class Translator {

    private final Settings settings;

    public Translator(Settings settings) {
        this.settings = settings;
    }

    /// Translates a snapshot whose sockets could all be bound.
    public Translation translate(Resources resources) {
        return translate(resources, Map.of());
    }

    /// @param bindFailures by [Port#id] why a socket of this configuration is not there
    public Translation translate(Resources resources, Map<String, String> bindFailures) {
        return new Run(resources, bindFailures).translate();
    }

    /// One translation.
    private final class Run {
        private final Resources resources;
        private final Map<String, String> bindFailures;
        private final Map<ObjectRef, Status> statuses = new TreeMap<>();
        private final Map<String, List<ListenerState>> listeners = new LinkedHashMap<>();
        private int rejected;

        Run(Resources resources, Map<String, String> bindFailures) {
            this.resources = resources;
            this.bindFailures = bindFailures;
        }

        Translation translate() {
            Set<String> classes = classes();
            Grants grants = new Grants(resources);
            ListenerTranslator translator = new ListenerTranslator(resources, grants);
            List<Gateway> gateways =
                    resources.all(Gateway.class).stream()
                            .filter(gateway -> classes.contains(gateway.spec().gatewayClassName()))
                            .toList();
            for (Gateway gateway : gateways) {
                listeners.put(
                        key(gateway.namespace(), gateway.name()), translator.translate(gateway));
            }
            Backends backends = new Backends(resources, grants);
            HttpRouteTranslator rules =
                    new HttpRouteTranslator(backends, new FilterTranslator(resources));
            resources.all(HttpRoute.class).forEach(route -> route(route, rules));
            List<Port> ports = new ArrayList<>();
            for (Gateway gateway : gateways) {
                List<ListenerState> own = listenersOf(gateway.namespace(), gateway.name());
                ports.addAll(Ports.of(gateway, own));
                statuses.put(Kinds.ref(gateway), status(gateway, own));
            }
            return new Translation(
                    new Configuration(ports, backends.upstreams()),
                    new Statuses(statuses),
                    rejected);
        }

        private Set<String> classes() {
            List<GatewayClass> ours =
                    resources.all(GatewayClass.class).stream()
                            .filter(c ->
                                    settings.controllerName().equals(c.spec().controllerName()))
                            .toList();
            for (GatewayClass one : ours) {
                Condition accepted =
                        Conditions.of("Accepted", "Accepted", null, one.metadata().generation());
                statuses.put(Kinds.ref(one), new Status.OfGatewayClass(List.of(accepted)));
            }
            return ours.stream().map(GatewayClass::name).collect(Collectors.toSet());
        }

        private static String key(String namespace, String name) {
            return namespace + "/" + name;
        }

        private List<ListenerState> listenersOf(String namespace, String name) {
            return listeners.getOrDefault(key(namespace, name), List.of());
        }

        private void route(HttpRoute route, HttpRouteTranslator translator) {
            List<HttpRoute.ParentRef> parents =
                    route.spec().parentRefs().stream().filter(p -> isOurs(route, p)).toList();
            if (parents.isEmpty()) {
                return;
            }
            Problems unaccepted = new Problems();
            Problems unresolved = new Problems();
            List<HttpRule> rules = translator.rules(route, unaccepted::add, unresolved::add);
            List<Status.OfParent> answers = new ArrayList<>();
            for (HttpRoute.ParentRef parent : parents) {
                Attachment attachment = attach(route, parent, rules);
                Rejection reason =
                        attachment.rejection() != null ? attachment.rejection() : unaccepted.first;
                answers.add(answer(route, parent, reason, unresolved.first));
            }
            if (unresolved.first != null
                    || answers.stream().anyMatch(a -> !a.conditions().get(0).status())) {
                rejected++;
            }
            statuses.put(Kinds.ref(route), new Status.OfRoute(answers));
        }

        private boolean isOurs(HttpRoute route, HttpRoute.ParentRef parent) {
            return parent.group().equals(Gateway.GROUP)
                    && parent.kind().equals("Gateway")
                    && listeners.containsKey(key(namespace(route, parent), parent.name()));
        }

        private static String namespace(HttpRoute route, HttpRoute.ParentRef parent) {
            return parent.namespace() == null ? route.namespace() : parent.namespace();
        }

        private Attachment attach(
                HttpRoute route, HttpRoute.ParentRef parent, List<HttpRule> rules) {
            Attachment attachment =
                    Attachment.of(
                            route,
                            parent,
                            listenersOf(namespace(route, parent), parent.name()),
                            resources);
            attachment
                    .listeners()
                    .forEach((listener, hostnames) ->
                            listener.attach(
                                    rules.stream()
                                            .map(r -> new AttachedRule(hostnames, r))
                                            .toList()));
            return attachment;
        }

        private Status.OfParent answer(
                HttpRoute route,
                HttpRoute.ParentRef parent,
                @Nullable Rejection unaccepted,
                @Nullable Rejection unresolved) {
            long generation = route.metadata().generation();
            return new Status.OfParent(
                    parent,
                    settings.controllerName(),
                    List.of(
                            Conditions.of("Accepted", "Accepted", unaccepted, generation),
                            Conditions.of("ResolvedRefs", "ResolvedRefs", unresolved, generation)));
        }

        private Status status(Gateway gateway, List<ListenerState> own) {
            List<Status.OfListener> answers = new ArrayList<>();
            boolean programmed = false;
            String failure = "no listener is served";
            for (ListenerState listener : own) {
                String bind = bindFailures.get(Ports.id(gateway, listener.spec.port()));
                answers.add(listener.status(bind));
                if (listener.isRejected() || bind != null) {
                    rejected++;
                }
                programmed |= listener.isServed() && bind == null;
                failure = bind == null ? failure : bind;
            }
            long generation = gateway.metadata().generation();
            boolean all = own.stream().allMatch(ListenerState::isAccepted);
            boolean any = own.stream().anyMatch(ListenerState::isAccepted);
            Condition accepted =
                    new Condition(
                            "Accepted",
                            any,
                            all ? "Accepted" : "ListenersNotValid",
                            all ? "" : "not all listeners are valid",
                            generation);
            Rejection unprogrammed = programmed ? null : new Rejection("Invalid", failure);
            return new Status.OfGateway(
                    List.of(
                            accepted,
                            Conditions.of("Programmed", "Programmed", unprogrammed, generation)),
                    answers);
        }
    }

    /// Keeps the first of several rejections: a condition has one reason.
    private static final class Problems {
        private @Nullable Rejection first;

        void add(Rejection rejection) {
            if (first == null) {
                first = rejection;
            }
        }
    }
}
