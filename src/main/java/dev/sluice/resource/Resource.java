package dev.sluice.resource;

/// An object that users wrote, or that the cluster keeps for them.
public sealed interface Resource
        permits BackendTlsPolicy,
                ConfigMap,
                CustomResourceDefinition,
                EndpointSlice,
                GatewayClass,
                GatewayFilter,
                ListenerOwner,
                Namespace,
                Pod,
                Policy,
                ReferenceGrant,
                Route,
                Secret,
                Service {

    Metadata metadata();

    default String namespace() {
        return metadata().namespace();
    }

    default String name() {
        return metadata().name();
    }
}
