package dev.sluice.translate.gateway;

import dev.sluice.ir.Tls;
import dev.sluice.resource.ConfigMap;
import dev.sluice.resource.DesiredInfrastructure;
import dev.sluice.resource.Gateway;
import dev.sluice.resource.GatewayClass;
import dev.sluice.resource.Kinds;
import dev.sluice.resource.ListenerOwner;
import dev.sluice.resource.ListenerSet;
import dev.sluice.resource.Resources;
import dev.sluice.resource.Service;
import dev.sluice.translate.context.AllowedNamespaces;
import dev.sluice.translate.context.CertificateRefs;
import dev.sluice.translate.context.TranslationSettings;
import dev.sluice.translate.status.ObjectBarrier;
import dev.sluice.translate.status.Rejection;
import dev.sluice.translate.status.Result;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Judges Gateways with all their listeners.
public final class GatewayTranslator {

    private final Resources resources;
    private final TranslationSettings translationSettings;
    private final CertificateRefs refs;
    private final AllowedNamespaces allowedNamespaces;
    private final ListenerTranslator listeners;
    private final ListenerConflicts listenerConflicts = new ListenerConflicts();
    private final ObjectBarrier barrier;

    public GatewayTranslator(
            Resources resources,
            TranslationSettings translationSettings,
            CertificateRefs refs,
            ObjectBarrier barrier) {
        this.resources = resources;
        this.barrier = barrier;
        this.translationSettings = translationSettings;
        this.refs = refs;
        this.allowedNamespaces = new AllowedNamespaces(resources);
        this.listeners = new ListenerTranslator(refs);
    }

    /// Gateways come oldest first.
    public GatewayState translate(Gateway gateway, GatewayClass ofClass) {
        List<ListenerSet> sets = new ArrayList<>();
        List<ListenerState> all = listeners(gateway, gateway, gateway.spec().listeners());
        for (ListenerSet set : resources.all(ListenerSet.class)) {
            barrier.run(
                    set,
                    () -> {
                        if (isParent(set, gateway) && isAllowed(set, gateway)) {
                            all.addAll(listeners(gateway, set, set.spec().listeners()));
                            sets.add(set);
                        }
                    });
        }
        ListenerConflicts.within(all);
        Map<String, String> parameters = new HashMap<>();
        Rejection rejection = Rejection.excess(gateway.metadata());
        if (rejection == null) {
            rejection = address(gateway);
        }
        if (rejection == null) {
            rejection = unsupported(gateway);
        }
        if (rejection == null) {
            rejection = parameters(gateway, ofClass, parameters);
        }
        if (rejection == null) {
            rejection = GatewayParameters.checkNames(parameters, gateway.spec().listeners());
        }
        if (rejection == null
                && translationSettings.sockets() == TranslationSettings.Sockets.SERVICE) {
            rejection = obstructed(gateway);
        }
        for (ListenerState listener : all) {
            String own = listener.owner() instanceof Gateway ? listener.spec().name() : null;
            listener.strictPaths(GatewayParameters.strictPaths(parameters, own));
            if (rejection != null) {
                listener.unaccepted(rejection);
            } else if (translationSettings.sockets() == TranslationSettings.Sockets.OWN
                    && listener.isServed()) {
                listenerConflicts.acrossGateways(listener);
            }
        }
        return new GatewayState(
                gateway,
                service(gateway),
                parameters,
                all,
                sets,
                rejection,
                clientCertificate(gateway));
    }

    private List<ListenerState> listeners(
            Gateway gateway, ListenerOwner owner, List<Gateway.Listener> written) {
        List<ListenerState> states = new ArrayList<>();
        for (int i = 0; i < written.size(); i++) {
            states.add(listeners.translate(gateway, owner, written.get(i), i));
        }
        return states;
    }

    public static boolean isParent(ListenerSet set, Gateway gateway) {
        ListenerSet.ParentGateway parent = set.spec().parentRef();
        String namespace = parent.namespace() == null ? set.namespace() : parent.namespace();
        return parent.group().equals(Gateway.GROUP)
                && parent.kind().equals("Gateway")
                && parent.name().equals(gateway.name())
                && namespace.equals(gateway.namespace());
    }

    private boolean isAllowed(ListenerSet set, Gateway gateway) {
        Gateway.AllowedListeners allowed = gateway.spec().allowedListeners();
        return allowed != null
                && allowed.namespaces() != null
                && allowedNamespaces.allow(
                        allowed.namespaces(), set.namespace(), gateway.namespace());
    }

    private @Nullable Service service(Gateway gateway) {
        Service found =
                resources.find(Service.class, gateway.namespace(), GatewayServices.name(gateway));
        return found != null && DesiredInfrastructure.isOurs(found.metadata(), gateway)
                ? found
                : null;
    }

    /// A Service of that name that is somebody else's is left alone.
    private @Nullable Rejection obstructed(Gateway gateway) {
        String name = GatewayServices.name(gateway);
        Service found = resources.find(Service.class, gateway.namespace(), name);
        return found == null || DesiredInfrastructure.isOurs(found.metadata(), gateway)
                ? null
                : new Rejection(
                        "Invalid",
                        "Service \""
                                + gateway.namespace()
                                + "/"
                                + name
                                + "\" is not Sluice's: the Gateway needs that name");
    }

    /// Of fields that are for more than some of the listeners.
    private static @Nullable Rejection unsupported(Gateway gateway) {
        return Rejection.unsupported(
                gateway.metadata(),
                field ->
                        !field.startsWith("spec.listeners[")
                                && !field.startsWith(ListenerTranslator.FRONTEND));
    }

    private static @Nullable Rejection address(Gateway gateway) {
        Rejection unsupported = Rejection.unsupported(gateway.metadata(), "spec.addresses[");
        if (unsupported != null) {
            return new Rejection("UnsupportedAddress", unsupported.message());
        }
        for (int i = 0; i < gateway.spec().addresses().size(); i++) {
            Gateway.Address address = gateway.spec().addresses().get(i);
            if (!address.type().equals("IPAddress")) {
                return new Rejection(
                        "UnsupportedAddress",
                        "addresses[" + i + "].type: \"" + address.type() + "\" is not IPAddress");
            }
        }
        return null;
    }

    /// Parameters of the class, then of the Gateway, which win. Both name a ConfigMap.
    private @Nullable Rejection parameters(
            Gateway gateway, GatewayClass ofClass, Map<String, String> into) {
        GatewayClass.ParametersRef common = ofClass.spec().parametersRef();
        if (common != null) {
            String field = "parametersRef of GatewayClass \"" + ofClass.name() + "\": ";
            ConfigMap map = find(common);
            Rejection rejection =
                    map == null
                            ? new Rejection("InvalidParameters", field + "not found")
                            : GatewayParameters.check(field, map.data());
            if (map == null || rejection != null) {
                return rejection;
            }
            into.putAll(map.data());
        }
        Gateway.Infrastructure infrastructure = gateway.spec().infrastructure();
        Gateway.ParametersRef own = infrastructure == null ? null : infrastructure.parametersRef();
        if (own == null) {
            return null;
        }
        String field = "infrastructure.parametersRef: ";
        if (!own.group().isEmpty() || !own.kind().equals("ConfigMap")) {
            return new Rejection(
                    "InvalidParameters",
                    field + own.group() + "/" + own.kind() + " is not a ConfigMap");
        }
        ConfigMap map = resources.find(ConfigMap.class, gateway.namespace(), own.name());
        if (map == null) {
            return new Rejection(
                    "InvalidParameters",
                    field
                            + "ConfigMap \""
                            + gateway.namespace()
                            + "/"
                            + own.name()
                            + "\" not found");
        }
        into.putAll(map.data());
        return GatewayParameters.check(field, map.data());
    }

    private @Nullable ConfigMap find(GatewayClass.ParametersRef ref) {
        return ref.namespace() == null
                ? null
                : resources.find(ConfigMap.class, ref.namespace(), ref.name());
    }

    private @Nullable Result<Tls.Certificate> clientCertificate(Gateway gateway) {
        Gateway.GatewayTls tls = gateway.spec().tls();
        Gateway.BackendTls backend = tls == null ? null : tls.backend();
        if (backend == null || backend.clientCertificateRef() == null) {
            return null;
        }
        return refs.certificate(
                Kinds.ref(gateway),
                backend.clientCertificateRef(),
                "tls.backend.clientCertificateRef",
                "InvalidClientCertificateRef");
    }
}
