package dev.sluice.resource;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The Secrets and ConfigMaps that other objects refer to: the only ones that have to be read.
public final class References {

    private final Set<ObjectRef> found = new TreeSet<>();
    private final String controller;
    private final Resources resources;
    private final ReferenceGrants grants;

    private References(Resources resources, String controller) {
        this.resources = resources;
        this.grants = new ReferenceGrants(resources);
        this.controller = controller;
    }

    /// All that the objects of a snapshot refer to, and may. Gateways of other controllers are none
    /// of ours.
    ///
    /// @param controller whose GatewayClasses are ours
    /// @param errors notified of an object whose references cannot be found out; the others go on
    public static Set<ObjectRef> of(
            Resources resources, String controller, BiConsumer<ObjectRef, Throwable> errors) {
        References references = new References(resources, controller);
        for (Collection<Resource> ofKind : resources.byKind()) {
            for (Resource object : ofKind) {
                try {
                    if (!references.add(object)) {
                        break;
                    }
                } catch (Throwable e) {
                    errors.accept(Kinds.ref(object), e);
                }
            }
        }
        return references.found;
    }

    /// @return whether objects of its kind refer to any
    private boolean add(Resource object) {
        return switch (object) {
            case GatewayClass one -> {
                if (isOurs(one)) {
                    add(one);
                }
                yield true;
            }
            case Gateway gateway -> {
                if (isOurs(gateway)) {
                    add(gateway);
                }
                yield true;
            }
            case ListenerSet set -> {
                if (isOurs(set)) {
                    listeners(Kinds.ref(set), set.spec().listeners());
                }
                yield true;
            }
            case BackendTlsPolicy policy -> {
                for (BackendTlsPolicy.LocalRef ref :
                        policy.spec().validation().caCertificateRefs()) {
                    add(Kinds.ref(policy), ref.group(), ref.kind(), policy.namespace(), ref.name());
                }
                yield true;
            }
            case Policy policy -> {
                sections(Kinds.ref(policy), policy.spec().replaceable());
                sections(Kinds.ref(policy), policy.spec().overrides());
                yield true;
            }
            case ConfigMap _,
                    CustomResourceDefinition _,
                    EndpointSlice _,
                    GatewayFilter _,
                    Namespace _,
                    Pod _,
                    ReferenceGrant _,
                    Route _,
                    Secret _,
                    Service _ ->
                    false;
        };
    }

    private boolean isOurs(@Nullable GatewayClass one) {
        return one != null && controller.equals(one.spec().controllerName());
    }

    private boolean isOurs(@Nullable Gateway gateway) {
        return gateway != null
                && isOurs(
                        resources.find(GatewayClass.class, "", gateway.spec().gatewayClassName()));
    }

    private boolean isOurs(ListenerSet set) {
        ListenerSet.ParentGateway parent = set.spec().parentRef();
        String namespace = parent.namespace() == null ? set.namespace() : parent.namespace();
        return isOurs(resources.find(Gateway.class, namespace, parent.name()));
    }

    private void add(GatewayClass one) {
        GatewayClass.ParametersRef ref = one.spec().parametersRef();
        if (ref != null && ref.namespace() != null) {
            // Who may write classes may refer to any namespace.
            ObjectRef same = new ObjectRef("", "", ref.namespace(), "");
            add(same, ref.group(), ref.kind(), ref.namespace(), ref.name());
        }
    }

    private void add(Gateway gateway) {
        ObjectRef owner = Kinds.ref(gateway);
        listeners(owner, gateway.spec().listeners());
        Gateway.Infrastructure infrastructure = gateway.spec().infrastructure();
        Gateway.ParametersRef ref = infrastructure == null ? null : infrastructure.parametersRef();
        if (ref != null) {
            add(owner, ref.group(), ref.kind(), gateway.namespace(), ref.name());
        }
        Gateway.GatewayTls tls = gateway.spec().tls();
        if (tls == null) {
            return;
        }
        if (tls.backend() != null && tls.backend().clientCertificateRef() != null) {
            secrets(owner, List.of(tls.backend().clientCertificateRef()));
        }
        if (tls.frontend() != null) {
            validation(owner, tls.frontend().byDefault());
            tls.frontend().perPort().forEach(port -> validation(owner, port.tls()));
        }
    }

    private void validation(ObjectRef owner, Gateway.@Nullable TlsConfig config) {
        if (config != null && config.validation() != null) {
            secrets(owner, config.validation().caCertificateRefs());
        }
    }

    private void listeners(ObjectRef owner, List<Gateway.Listener> listeners) {
        for (Gateway.Listener listener : listeners) {
            if (listener.tls() != null) {
                secrets(owner, listener.tls().certificateRefs());
            }
        }
    }

    private void secrets(ObjectRef owner, List<Gateway.SecretRef> refs) {
        for (Gateway.SecretRef ref : refs) {
            String of = ref.namespace() == null ? owner.namespace() : ref.namespace();
            add(owner, ref.group(), ref.kind(), of, ref.name());
        }
    }

    /// Policies name Secrets in fields that end with `secretRef` or `secretRefs`, ConfigMaps in
    /// such with `configMapRef`.
    private void sections(ObjectRef owner, Object written) {
        switch (written) {
            case Map<?, ?> map ->
                    map.forEach((field, value) -> {
                        String name = String.valueOf(field).toLowerCase(Locale.ROOT);
                        if (name.endsWith("secretref") && value instanceof Map<?, ?> ref) {
                            named("Secret", owner, ref);
                        } else if (name.endsWith("configmapref")
                                && value instanceof Map<?, ?> ref) {
                            named("ConfigMap", owner, ref);
                        } else if (name.endsWith("secretrefs") && value instanceof List<?> refs) {
                            refs.forEach(ref -> {
                                if (ref instanceof Map<?, ?> one) {
                                    named("Secret", owner, one);
                                }
                            });
                        } else if (value != null) {
                            sections(owner, value);
                        }
                    });
            case List<?> list ->
                    list.forEach(value -> {
                        if (value != null) {
                            sections(owner, value);
                        }
                    });
            default -> {}
        }
    }

    private void named(String kind, ObjectRef owner, Map<?, ?> ref) {
        Object of = ref.get("namespace");
        if (ref.get("name") instanceof String name) {
            add(owner, "", kind, of instanceof String other ? other : owner.namespace(), name);
        }
    }

    private void add(ObjectRef owner, String group, String kind, String namespace, String name) {
        boolean read = kind.equals("Secret") || kind.equals("ConfigMap");
        if (read && (group == null || group.isEmpty())) {
            ObjectRef ref = new ObjectRef("", kind, namespace, name);
            if (grants.permits(owner, ref)) {
                found.add(ref);
            }
        }
    }
}
