package dev.sluice.source.kubernetes;

import dev.sluice.resource.EndpointSlice;
import dev.sluice.resource.Gateway;
import dev.sluice.resource.Infrastructure;
import dev.sluice.resource.Metadata;
import dev.sluice.resource.Pod;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Brings the Services and EndpointSlices of Gateways in line, by server-side apply. An annotation
/// holds a hash of what was applied last, so that nothing is written when nothing has changed. They
/// belong to their Gateway and go with it.
final class InfrastructureWriter {

    private static final String APPLIED = "sluice.dev/applied";
    private static final String QUERY = "?fieldManager=sluice&force=true";
    private static final String SERVICE_NAME = EndpointSlice.SERVICE;

    private final KubernetesSource source;

    InfrastructureWriter(KubernetesSource source) {
        this.source = source;
    }

    void write(Infrastructure wanted) throws IOException {
        apply("", "Service", service(wanted));
        apply("discovery.k8s.io", "EndpointSlice", slice(wanted));
    }

    private void apply(String group, String kind, ObjectNode object) throws IOException {
        KindWatch watch = source.watch(group, kind);
        ObjectNode metadata = (ObjectNode) object.get("metadata");
        String namespace = metadata.get("namespace").asString();
        String name = metadata.get("name").asString();
        String hash = Integer.toHexString(object.toString().hashCode());
        Live live = watch.find(namespace, name);
        if (live != null && hash.equals(applied(live.resource().metadata()))) {
            return;
        }
        metadata.withObject("annotations").put(APPLIED, hash);
        ApiServer.Answer answer =
                source.server()
                        .send(
                                "PATCH",
                                watch.path(namespace, name) + QUERY,
                                "application/apply-patch+yaml",
                                object);
        watch.put(answer.orThrow(kind + " " + namespace + "/" + name));
    }

    private static @Nullable String applied(Metadata metadata) {
        return metadata.annotations().get(APPLIED);
    }

    private static ObjectNode object(
            String apiVersion, String kind, Infrastructure wanted, Map<String, String> labels) {
        Gateway gateway = wanted.gateway();
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("apiVersion", apiVersion).put("kind", kind);
        ObjectNode metadata = object.putObject("metadata");
        metadata.put("name", wanted.name()).put("namespace", gateway.namespace());
        ObjectNode labelNode = metadata.putObject("labels");
        new TreeMap<>(labels).forEach(labelNode::put);
        ObjectNode annotations = metadata.putObject("annotations");
        new TreeMap<>(wanted.annotations()).forEach(annotations::put);
        metadata.putArray("ownerReferences")
                .addObject()
                .put("apiVersion", Gateway.GROUP + "/v1")
                .put("kind", "Gateway")
                .put("name", gateway.name())
                .put("uid", gateway.metadata().uid())
                .put("controller", true);
        return object;
    }

    private static ObjectNode service(Infrastructure wanted) {
        ObjectNode object = object("v1", "Service", wanted, wanted.labels());
        ObjectNode spec = object.putObject("spec");
        spec.put("type", wanted.type());
        if (!wanted.address().isEmpty()) {
            spec.put("loadBalancerIP", wanted.address());
        }
        ArrayNode ports = spec.putArray("ports");
        new TreeMap<>(wanted.ports())
                .forEach((port, target) ->
                        ports.addObject()
                                .put("name", Infrastructure.portName(port))
                                .put("protocol", "TCP")
                                .put("port", port)
                                .put("targetPort", target));
        return object;
    }

    private static ObjectNode slice(Infrastructure wanted) {
        Map<String, String> labels = new TreeMap<>(wanted.labels());
        labels.put(SERVICE_NAME, wanted.name());
        labels.put("endpointslice.kubernetes.io/managed-by", Infrastructure.MANAGER);
        ObjectNode object = object("discovery.k8s.io/v1", "EndpointSlice", wanted, labels);
        object.put("addressType", "IPv4");
        ArrayNode endpoints = object.putArray("endpoints");
        for (Pod pod : wanted.pods()) {
            if (pod.address() != null) {
                boolean terminating = pod.metadata().deletionTimestamp() != null;
                ObjectNode endpoint = endpoints.addObject();
                endpoint.putArray("addresses").add(pod.address());
                endpoint.putObject("conditions")
                        .put("ready", pod.isReady() && !terminating)
                        .put("serving", pod.isReady())
                        .put("terminating", terminating);
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
                                .put("name", Infrastructure.portName(port))
                                .put("protocol", "TCP")
                                .put("port", target));
        return object;
    }
}
