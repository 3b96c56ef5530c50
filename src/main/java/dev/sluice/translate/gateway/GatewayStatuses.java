package dev.sluice.translate.gateway;

import dev.sluice.ir.Port;
import dev.sluice.resource.Condition;
import dev.sluice.resource.ConditionType;
import dev.sluice.resource.Gateway;
import dev.sluice.resource.Kinds;
import dev.sluice.resource.ListenerSet;
import dev.sluice.resource.ObjectRef;
import dev.sluice.resource.Service;
import dev.sluice.resource.Status;
import dev.sluice.translate.context.TranslationSettings;
import dev.sluice.translate.status.Conditions;
import dev.sluice.translate.status.Rejection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What the statuses of Gateways and ListenerSets say.
public final class GatewayStatuses {

    private final TranslationSettings translationSettings;
    private final Set<String> ports;
    private final TargetPorts targets;
    private final Map<String, String> bindFailures;
    private final BiFunction<ObjectRef, Long, List<Condition>> affected;

    /// @param ports all that are to be bound
    /// @param bindFailures by [Port#id] why a socket is not there
    /// @param affected what the status of an object of a generation says of policies
    public GatewayStatuses(
            TranslationSettings translationSettings,
            List<Port> ports,
            TargetPorts targets,
            Map<String, String> bindFailures,
            BiFunction<ObjectRef, Long, List<Condition>> affected) {
        this.targets = targets;
        this.translationSettings = translationSettings;
        this.ports = ports.stream().map(Port::id).collect(Collectors.toSet());
        this.bindFailures = bindFailures;
        this.affected = affected;
    }

    public Status.OfGateway of(GatewayState state) {
        Gateway gateway = state.gateway();
        long generation = gateway.metadata().generation();
        List<ListenerState> own = state.listenersOf(gateway);
        List<Status.Address> addresses = addresses(state);
        List<Condition> conditions = new ArrayList<>();
        conditions.add(accepted(state, own, generation));
        conditions.add(programmed(state, addresses, generation));
        if (state.clientCertificate() != null) {
            conditions.add(
                    Conditions.of(
                            ConditionType.RESOLVED_REFS,
                            state.clientCertificate().rejection(),
                            generation));
        }
        if (isInsecure(gateway)) {
            conditions.add(
                    ConditionType.INSECURE_FRONTEND_VALIDATION_MODE.bad(
                            "ConfigurationChanged",
                            "tls.frontend: AllowInsecureFallback lets clients in without a valid"
                                    + " certificate",
                            generation));
        }
        conditions.addAll(affected.apply(Kinds.ref(gateway), generation));
        long sets =
                state.sets().stream()
                        .filter(set ->
                                state.listenersOf(set).stream().anyMatch(ListenerState::isServed))
                        .count();
        return new Status.OfGateway(conditions, listeners(own), addresses, Math.toIntExact(sets));
    }

    /// @param state null when the ListenerSet may not add to its Gateway
    public Status.OfListenerSet of(ListenerSet set, @Nullable GatewayState state) {
        long generation = set.metadata().generation();
        if (state == null || !state.sets().contains(set)) {
            Rejection rejection =
                    new Rejection(
                            "NotAllowed",
                            "parentRef: allowedListeners of Gateway \""
                                    + set.spec().parentRef().name()
                                    + "\" does not take ListenerSets of namespace "
                                    + set.namespace());
            return new Status.OfListenerSet(
                    List.of(
                            Conditions.of(ConditionType.ACCEPTED, rejection, generation),
                            Conditions.of(ConditionType.PROGRAMMED, rejection, generation)),
                    List.of());
        }
        List<ListenerState> own = state.listenersOf(set);
        boolean any = own.stream().anyMatch(ListenerState::isServed);
        Rejection excess = Rejection.excess(set.metadata());
        Rejection none =
                any
                        ? null
                        : excess != null
                                ? excess
                                : new Rejection("ListenersNotValid", "no listener is valid");
        boolean programmed = own.stream().anyMatch(l -> l.isServed() && unbound(l) == null);
        Rejection unprogrammed =
                programmed
                        ? null
                        : none != null ? none : new Rejection("Invalid", "no listener is served");
        List<Condition> conditions = new ArrayList<>();
        conditions.add(Conditions.of(ConditionType.ACCEPTED, none, generation));
        conditions.add(Conditions.of(ConditionType.PROGRAMMED, unprogrammed, generation));
        conditions.addAll(affected.apply(Kinds.ref(set), generation));
        return new Status.OfListenerSet(conditions, listeners(own));
    }

    private List<Status.OfListener> listeners(List<ListenerState> own) {
        return own.stream().map(listener -> listener.status(unbound(listener))).toList();
    }

    /// Why a listener that could be served has no socket, null when it has.
    private @Nullable Rejection unbound(ListenerState listener) {
        String id = Names.port(listener.gateway(), listener.spec().port());
        String failure = bindFailures.get(id);
        if (failure != null) {
            return new Rejection("Invalid", failure);
        }
        if (ports.contains(id)) {
            return null;
        }
        Rejection denied = targets.denied(listener.gateway(), listener.spec().port());
        return denied != null
                ? denied
                : new Rejection("Pending", "the port of the Gateway's Service is not there yet");
    }

    private static Condition accepted(
            GatewayState state, List<ListenerState> own, long generation) {
        if (state.unaccepted() != null) {
            return Conditions.of(ConditionType.ACCEPTED, state.unaccepted(), generation);
        }
        if (state.listeners().isEmpty()) {
            return ConditionType.ACCEPTED.bad(
                    "ListenersNotValid", "listeners: there are none", generation);
        }
        boolean all = own.stream().allMatch(ListenerState::isAccepted);
        boolean any = own.isEmpty() || own.stream().anyMatch(ListenerState::isAccepted);
        return new Condition(
                ConditionType.ACCEPTED.text(),
                any,
                all ? "Accepted" : "ListenersNotValid",
                all ? "" : "not all listeners are valid",
                generation);
    }

    private Condition programmed(
            GatewayState state, List<Status.Address> addresses, long generation) {
        Rejection rejection = unprogrammed(state, addresses);
        return rejection == null
                ? ConditionType.PROGRAMMED.good(nodePorts(state), generation)
                : Conditions.of(ConditionType.PROGRAMMED, rejection, generation);
    }

    /// Where nodes lead to the Gateway, for people; empty when they don't.
    private static String nodePorts(GatewayState state) {
        Service service = state.service();
        if (service == null || !"NodePort".equals(service.spec().type())) {
            return "";
        }
        return service.spec().ports().stream()
                .filter(port -> port.nodePort() != null)
                .map(port -> port.port() + " at port " + port.nodePort() + " of each node")
                .collect(Collectors.joining(", "));
    }

    private @Nullable Rejection unprogrammed(GatewayState state, List<Status.Address> addresses) {
        if (state.unaccepted() != null) {
            return new Rejection("Invalid", state.unaccepted().message());
        }
        boolean served = false;
        Rejection last = new Rejection("Invalid", "no listener is served");
        for (ListenerState listener : state.listeners()) {
            Rejection unbound = unbound(listener);
            if (listener.isServed() && unbound == null) {
                served = true;
            } else if (listener.isServed() && unbound != null) {
                last = unbound;
            }
        }
        Set<String> missing = new TreeSet<>();
        state.gateway().spec().addresses().stream()
                .map(Gateway.Address::value)
                .filter(value -> !value.isEmpty())
                .forEach(missing::add);
        addresses.forEach(address -> missing.remove(address.value()));
        if (!missing.isEmpty()) {
            return new Rejection(
                    "AddressNotUsable", "addresses: " + missing + " are not available");
        }
        if (!served) {
            return last;
        }
        return addresses.isEmpty()
                        && translationSettings.sockets() == TranslationSettings.Sockets.SERVICE
                ? new Rejection("AddressNotAssigned", "the Gateway's Service has no address yet")
                : null;
    }

    private List<Status.Address> addresses(GatewayState state) {
        Service service = state.service();
        if (translationSettings.sockets() == TranslationSettings.Sockets.OWN) {
            String own = GatewayPorts.address(state.gateway());
            boolean bound =
                    state.listeners().stream().anyMatch(l -> l.isServed() && unbound(l) == null);
            return own.isEmpty() || !bound
                    ? List.of()
                    : List.of(new Status.Address("IPAddress", own));
        }
        if (service == null) {
            return List.of();
        }
        List<Status.Address> addresses = new ArrayList<>();
        if (!"LoadBalancer".equals(service.spec().type())) {
            // There is no other: nodes have addresses of their own, which nobody tells us.
            for (String address : service.spec().clusterIPs()) {
                if (!address.equals("None")) {
                    addresses.add(new Status.Address("IPAddress", address));
                }
            }
            return addresses;
        }
        for (Service.Ingress ingress : service.ingress()) {
            if (ingress.ip() != null) {
                addresses.add(new Status.Address("IPAddress", ingress.ip()));
            } else if (ingress.hostname() != null) {
                addresses.add(new Status.Address("Hostname", ingress.hostname()));
            }
        }
        return addresses;
    }

    private static boolean isInsecure(Gateway gateway) {
        Gateway.GatewayTls tls = gateway.spec().tls();
        Gateway.FrontendTls frontend = tls == null ? null : tls.frontend();
        if (frontend == null) {
            return false;
        }
        return isInsecure(frontend.byDefault())
                || frontend.perPort().stream().anyMatch(port -> isInsecure(port.tls()));
    }

    private static boolean isInsecure(Gateway.@Nullable TlsConfig config) {
        return config != null
                && config.validation() != null
                && config.validation().mode().equals("AllowInsecureFallback");
    }
}
