package dev.sluice.resource;

import java.util.List;
import java.util.Map;

/// What a cluster has to hold for a Gateway: a Service without selector that gives it an address,
/// and behind it the pods that serve, at one target port for each of the Gateway's ports.
///
/// @param gateway the owner
/// @param name of the Service and of its EndpointSlice
/// @param type of the Service
/// @param externalTrafficPolicy of the Service, empty for the default
/// @param address that is asked for, empty for any
/// @param labels of both, the Gateway's `infrastructure.labels` among them
/// @param annotations of both
/// @param ports target port by port; none when what there is has to go
/// @param pods that serve
public record DesiredInfrastructure(
        Gateway gateway,
        String name,
        String type,
        String externalTrafficPolicy,
        String address,
        Map<String, String> labels,
        Map<String, String> annotations,
        Map<Integer, Integer> ports,
        List<Pod> pods) {

    /// GEP-1762: on everything that is made for a Gateway.
    public static final String GATEWAY_NAME = "gateway.networking.k8s.io/gateway-name";

    public static final String GATEWAY_CLASS = "gateway.networking.k8s.io/gateway-class-name";

    /// Tells our Services and EndpointSlices from those of others.
    public static final String MANAGED_BY = "app.kubernetes.io/managed-by";

    public static final String MANAGER = "sluice";

    /// The ConfigMap in our own namespace that holds the target ports, by the Gateway's UID and
    /// port.
    public static final String PORTS = "sluice-target-ports";

    public DesiredInfrastructure {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
        ports = Map.copyOf(ports);
        pods = List.copyOf(pods);
    }

    /// Whether nothing is to be left.
    public boolean leavesNothing() {
        return ports.isEmpty();
    }

    /// Whether an object was made for a Gateway by us: its labels say so, and that very Gateway
    /// controls it. Somebody who may write objects with labels may not make one that belongs to a
    /// Gateway of another UID.
    public static boolean isOurs(Metadata object, Gateway gateway) {
        Map<String, String> labels = object.labels();
        return MANAGER.equals(labels.get(MANAGED_BY))
                && labels.containsKey(GATEWAY_NAME)
                && object.isControlledBy(gateway.metadata().uid());
    }

    /// The name of a Service's port.
    public static String portName(int port) {
        return "port-" + port;
    }
}
