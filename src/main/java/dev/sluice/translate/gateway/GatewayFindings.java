package dev.sluice.translate.gateway;

import dev.sluice.finding.Finding;
import dev.sluice.finding.FindingCode;
import dev.sluice.resource.Gateway;
import dev.sluice.resource.GatewayClass;
import dev.sluice.resource.Kinds;
import dev.sluice.resource.ListenerOwner;
import dev.sluice.resource.ListenerSet;
import dev.sluice.resource.ObjectRef;
import dev.sluice.resource.Resources;
import dev.sluice.translate.context.TranslationSettings;
import dev.sluice.translate.context.TranslationSettings.Sockets;
import dev.sluice.translate.status.Rejection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What is wrong with Gateways, ListenerSets and their listeners.
public final class GatewayFindings {

    private GatewayFindings() {}

    /// That a Gateway is none of ours, where that may be a mistake: in a cluster another controller
    /// may serve it, unless its class is not there at all.
    ///
    /// @return empty where it is not
    public static List<Finding> unserved(
            Gateway gateway, Resources resources, TranslationSettings settings) {
        String name = gateway.spec().gatewayClassName();
        GatewayClass ofClass = resources.find(GatewayClass.class, "", name);
        if (ofClass != null && settings.sockets() == Sockets.SERVICE) {
            return List.of();
        }
        String controller = ofClass == null ? "" : ofClass.spec().controllerName();
        String message =
                ofClass == null
                        ? "GatewayClass \"" + name + "\" not found"
                        : controller.equals(settings.controllerName())
                                ? "GatewayClass \"" + name + "\" is not accepted"
                                : "GatewayClass \"%s\" is another controller's, %s; ours is %s"
                                        .formatted(name, controller, settings.controllerName());
        return List.of(
                Finding.at(
                        FindingCode.UNKNOWN_GATEWAY_CLASS,
                        Kinds.ref(gateway),
                        "spec.gatewayClassName",
                        message));
    }

    /// @param bindFailures by [dev.sluice.ir.Port#id] why a socket is not there
    public static List<Finding> of(GatewayState state, Map<String, String> bindFailures) {
        List<Finding> all = new ArrayList<>();
        Gateway gateway = state.gateway();
        ObjectRef ref = Kinds.ref(gateway);
        Rejection whole = state.unaccepted();
        if (whole != null) {
            FindingCode code =
                    whole.reason().equals("Invalid") ? FindingCode.GATEWAY_REFUSED : whole.code();
            all.add(Finding.of(code, ref, "spec.", whole.message()));
        }
        if (state.listeners().isEmpty() && whole == null) {
            all.add(Finding.at(FindingCode.NO_LISTENERS, ref, "spec.listeners", "there are none"));
        }
        if (state.clientCertificate() != null && state.clientCertificate().rejection() != null) {
            all.add(state.clientCertificate().rejection().finding(ref, "spec."));
        }
        for (ListenerState listener : state.listeners()) {
            String failure = bindFailures.get(Names.port(gateway, listener.spec().port()));
            if (failure != null && listener.isServed()) {
                all.add(
                        Finding.at(
                                FindingCode.PORT_NOT_BOUND,
                                Kinds.ref(listener.owner()),
                                field(listener) + ".port",
                                listener.spec().port() + ": " + failure));
            }
            listener.rejections()
                    .filter(one -> !one.equals(whole))
                    .forEach(one -> all.add(of(listener, one)));
        }
        return all;
    }

    /// That a Gateway does not take the listeners of a set.
    public static List<Finding> of(ListenerSet set, GatewayState state) {
        return state.sets().contains(set)
                ? List.of()
                : List.of(
                        Finding.at(
                                FindingCode.LISTENERS_NOT_ALLOWED,
                                Kinds.ref(set),
                                "spec.parentRef",
                                "Gateway \"%s\" does not take ListenerSets of namespace %s"
                                        .formatted(
                                                set.spec().parentRef().name(), set.namespace())));
    }

    /// How the clients' certificates of a port are checked stands in the Gateway.
    private static Finding of(ListenerState listener, Rejection rejection) {
        return rejection.message().startsWith("tls.frontend")
                ? rejection.finding(Kinds.ref(listener.gateway()), "spec.")
                : rejection.finding(Kinds.ref(listener.owner()), field(listener) + ".");
    }

    private static String field(ListenerState listener) {
        return "spec.listeners[" + listeners(listener.owner()).indexOf(listener.spec()) + "]";
    }

    private static List<Gateway.Listener> listeners(ListenerOwner owner) {
        return switch (owner) {
            case Gateway gateway -> gateway.spec().listeners();
            case ListenerSet set -> set.spec().listeners();
        };
    }
}
