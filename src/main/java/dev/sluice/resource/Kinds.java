package dev.sluice.resource;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The kinds that are read.
public final class Kinds {

    private static final List<Kind> ALL =
            List.of(
                    gateway("GatewayClass", "gatewayclasses", false, GatewayClass.class),
                    gateway("Gateway", "gateways", true, Gateway.class),
                    gateway("ListenerSet", "listenersets", true, ListenerSet.class),
                    gateway("HTTPRoute", "httproutes", true, HttpRoute.class),
                    gateway("GRPCRoute", "grpcroutes", true, GrpcRoute.class),
                    l4("TCPRoute", "tcproutes", TcpRoute.class),
                    l4("TLSRoute", "tlsroutes", TlsRoute.class),
                    gateway("BackendTLSPolicy", "backendtlspolicies", true, BackendTlsPolicy.class),
                    new Kind(
                            Gateway.GROUP,
                            List.of("v1", "v1beta1"),
                            "ReferenceGrant",
                            "referencegrants",
                            true,
                            false,
                            ReferenceGrant.class),
                    new Kind(
                            GatewayFilter.GROUP,
                            List.of("v1alpha1"),
                            "GatewayFilter",
                            "gatewayfilters",
                            true,
                            false,
                            GatewayFilter.class),
                    policy("AuthPolicy", "authpolicies", AuthPolicy.class),
                    policy("RateLimitPolicy", "ratelimitpolicies", RateLimitPolicy.class),
                    policy("ResiliencePolicy", "resiliencepolicies", ResiliencePolicy.class),
                    policy("TelemetryPolicy", "telemetrypolicies", TelemetryPolicy.class),
                    new Kind(
                            BackendTrafficPolicy.GROUP,
                            List.of("v1alpha1"),
                            "XBackendTrafficPolicy",
                            "xbackendtrafficpolicies",
                            true,
                            true,
                            BackendTrafficPolicy.class),
                    core("Service", "services", true, Service.class),
                    core("Secret", "secrets", true, Secret.class),
                    core("ConfigMap", "configmaps", true, ConfigMap.class),
                    core("Namespace", "namespaces", false, Namespace.class),
                    core("Pod", "pods", true, Pod.class),
                    new Kind(
                            "discovery.k8s.io",
                            List.of("v1"),
                            "EndpointSlice",
                            "endpointslices",
                            true,
                            false,
                            EndpointSlice.class),
                    new Kind(
                            "apiextensions.k8s.io",
                            List.of("v1"),
                            "CustomResourceDefinition",
                            "customresourcedefinitions",
                            false,
                            false,
                            CustomResourceDefinition.class));

    private static final Map<Class<? extends Resource>, Kind> BY_TYPE =
            ALL.stream().collect(Collectors.toUnmodifiableMap(Kind::type, Function.identity()));

    private Kinds() {}

    private static Kind gateway(
            String name, String plural, boolean namespaced, Class<? extends Resource> type) {
        List<String> versions = List.of("v1", "v1beta1");
        return new Kind(Gateway.GROUP, versions, name, plural, namespaced, true, type);
    }

    private static Kind l4(String name, String plural, Class<? extends L4Route> type) {
        List<String> versions = List.of("v1", "v1alpha2");
        return new Kind(Gateway.GROUP, versions, name, plural, true, true, type);
    }

    private static Kind policy(String name, String plural, Class<? extends Policy> type) {
        return new Kind(Policy.GROUP, List.of("v1alpha1"), name, plural, true, true, type);
    }

    private static Kind core(
            String name, String plural, boolean namespaced, Class<? extends Resource> type) {
        return new Kind("", List.of("v1"), name, plural, namespaced, false, type);
    }

    /// All that are read.
    public static List<Kind> all() {
        return ALL;
    }

    /// The kind of a record.
    public static Kind of(Class<? extends Resource> type) {
        Kind kind = BY_TYPE.get(type);
        if (kind == null) {
            throw new IllegalArgumentException("unknown kind " + type);
        }
        return kind;
    }

    /// A kind by its names, null when it is not read.
    public static @Nullable Kind find(String group, String name) {
        return ALL.stream()
                .filter(kind -> kind.group().equals(group) && kind.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    /// The identity of an object.
    public static ObjectRef ref(Resource resource) {
        Kind kind = of(resource.getClass());
        return new ObjectRef(kind.group(), kind.name(), resource.namespace(), resource.name());
    }
}
