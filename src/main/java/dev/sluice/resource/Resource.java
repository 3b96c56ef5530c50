package dev.sluice.resource;

/// An object that users wrote.
public sealed interface Resource
        permits EndpointSlice,
                Gateway,
                GatewayClass,
                GatewayFilter,
                HttpRoute,
                Namespace,
                ReferenceGrant,
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
