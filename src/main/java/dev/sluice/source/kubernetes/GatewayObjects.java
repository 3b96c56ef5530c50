package dev.sluice.source.kubernetes;

import dev.sluice.resource.DesiredInfrastructure;
import dev.sluice.resource.EndpointSlice;
import dev.sluice.resource.Gateway;
import dev.sluice.resource.Pod;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The Service and the EndpointSlices of a Gateway, as they are applied.
final class GatewayObjects {

    static final String CONTROLLER = "sluice.dev/controller";
    static final String DISCOVERY = "discovery.k8s.io";
    static final String SLICE = "EndpointSlice";

    private final String controller;

    /// @param controller written on what is made, so that another controller does not take it away
    GatewayObjects(String controller) {
        this.controller = controller;
    }

    /// A slice holds addresses of one family.
    record Family(String type, String suffix, boolean primary) {
        private static final List<Family> ALL =
                List.of(new Family("IPv4", "", true), new Family("IPv6", "-ipv6", false));

        static List<Family> all() {
            return ALL;
        }

        String name(DesiredInfrastructure wanted) {
            return wanted.name() + suffix;
        }

        @Nullable String address(Pod pod) {
            return pod.addresses().stream()
                    .filter(address -> address.indexOf(':') >= 0 != primary)
                    .findFirst()
                    .orElse(null);
        }
    }

    ObjectNode service(DesiredInfrastructure wanted) {
        ObjectNode object = object("v1", "Service", wanted, wanted.labels());
        ObjectNode spec = object.putObject("spec");
        spec.put("type", wanted.type());
        spec.put("ipFamilyPolicy", "PreferDualStack");
        if (!wanted.externalTrafficPolicy().isEmpty()) {
            spec.put("externalTrafficPolicy", wanted.externalTrafficPolicy());
        }
        if (!wanted.address().isEmpty()) {
            spec.put("loadBalancerIP", wanted.address());
        }
        ArrayNode ports = spec.putArray("ports");
        new TreeMap<>(wanted.ports())
                .forEach((port, target) ->
                        ports.addObject()
                                .put("name", DesiredInfrastructure.portName(port))
                                .put("protocol", "TCP")
                                .put("port", port)
                                .put("targetPort", target));
        return object;
    }

    ObjectNode slice(DesiredInfrastructure wanted, Family family) {
        Map<String, String> labels = new TreeMap<>(wanted.labels());
        labels.put(EndpointSlice.SERVICE, wanted.name());
        labels.put("endpointslice.kubernetes.io/managed-by", DesiredInfrastructure.MANAGER);
        ObjectNode object = object(DISCOVERY + "/v1", SLICE, wanted, labels);
        object.withObject("metadata").put("name", family.name(wanted));
        object.put("addressType", family.type());
        ArrayNode endpoints = object.putArray("endpoints");
        for (Pod pod : wanted.pods()) {
            String address = family.address(pod);
            if (address != null) {
                ObjectNode endpoint = endpoints.addObject();
                endpoint.putArray("addresses").add(address);
                endpoint.putObject("conditions")
                        .put("ready", pod.takesRequests())
                        .put("serving", pod.isReady())
                        .put("terminating", pod.isTerminating());
                // Or a Service whose externalTrafficPolicy is Local leads nowhere.
                if (pod.nodeName() != null) {
                    endpoint.put("nodeName", pod.nodeName());
                }
                if (pod.zone() != null) {
                    endpoint.put("zone", pod.zone());
                }
                endpoint.putObject("targetRef")
                        .put("kind", "Pod")
                        .put("name", pod.name())
                        .put("namespace", pod.namespace());
            }
        }
        ArrayNode ports = object.putArray("ports");
        new TreeMap<>(wanted.ports())
                .forEach((port, target) ->
                        ports.addObject()
                                .put("name", DesiredInfrastructure.portName(port))
                                .put("protocol", "TCP")
                                .put("port", target));
        return object;
    }

    private ObjectNode object(
            String apiVersion,
            String kind,
            DesiredInfrastructure wanted,
            Map<String, String> labels) {
        Gateway gateway = wanted.gateway();
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("apiVersion", apiVersion).put("kind", kind);
        ObjectNode metadata = object.putObject("metadata");
        metadata.put("name", wanted.name()).put("namespace", gateway.namespace());
        ObjectNode labelNode = metadata.putObject("labels");
        new TreeMap<>(labels).forEach(labelNode::put);
        ObjectNode annotations = metadata.putObject("annotations");
        new TreeMap<>(wanted.annotations()).forEach(annotations::put);
        annotations.put(CONTROLLER, controller);
        metadata.putArray("ownerReferences")
                .addObject()
                .put("apiVersion", Gateway.GROUP + "/v1")
                .put("kind", "Gateway")
                .put("name", gateway.name())
                .put("uid", gateway.metadata().uid())
                .put("controller", true);
        return object;
    }
}
