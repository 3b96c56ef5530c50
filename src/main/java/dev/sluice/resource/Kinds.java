package dev.sluice.resource;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// The kinds that are read, by `group/kind`.
public final class Kinds {

    private static final Map<String, Class<? extends Resource>> READ = new LinkedHashMap<>();
    private static final Set<Class<? extends Resource>> CLUSTER_SCOPED =
            Set.of(GatewayClass.class, Namespace.class);

    static {
        READ.put(Gateway.GROUP + "/GatewayClass", GatewayClass.class);
        READ.put(Gateway.GROUP + "/Gateway", Gateway.class);
        READ.put(Gateway.GROUP + "/HTTPRoute", HttpRoute.class);
        READ.put(Gateway.GROUP + "/ReferenceGrant", ReferenceGrant.class);
        READ.put(GatewayFilter.GROUP + "/GatewayFilter", GatewayFilter.class);
        READ.put("/Service", Service.class);
        READ.put("/Secret", Secret.class);
        READ.put("/Namespace", Namespace.class);
        READ.put("discovery.k8s.io/EndpointSlice", EndpointSlice.class);
    }

    private Kinds() {}

    /// All that are read, by `group/kind`.
    public static Map<String, Class<? extends Resource>> all() {
        return Map.copyOf(READ);
    }

    public static boolean isClusterScoped(Class<? extends Resource> kind) {
        return CLUSTER_SCOPED.contains(kind);
    }

    /// The identity of an object.
    public static ObjectRef ref(Resource resource) {
        for (Map.Entry<String, Class<? extends Resource>> entry : READ.entrySet()) {
            if (entry.getValue() == resource.getClass()) {
                String[] groupKind = entry.getKey().split("/", 2);
                return new ObjectRef(
                        groupKind[0], groupKind[1], resource.namespace(), resource.name());
            }
        }
        throw new IllegalArgumentException("unknown kind " + resource.getClass());
    }
}
