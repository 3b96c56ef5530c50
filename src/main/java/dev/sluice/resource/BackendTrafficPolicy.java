package dev.sluice.resource;

/// `gateway.networking.x-k8s.io/v1alpha1` XBackendTrafficPolicy (GEP-3388). Its fields are sections
/// of a policy that is in force.
public record BackendTrafficPolicy(Metadata metadata, PolicySpec spec) implements Policy {

    public static final String GROUP = "gateway.networking.x-k8s.io";
}
