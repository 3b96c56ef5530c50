package dev.sluice.source.kubernetes;

import dev.sluice.resource.ConfigMap;
import dev.sluice.resource.DesiredInfrastructure;
import dev.sluice.resource.ObjectRef;
import dev.sluice.source.kubernetes.api.ApiServer;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The ConfigMap with the target ports of the Gateways, in our own namespace. The leader writes it,
/// against the version that it read: of two that think they lead, one is refused.
final class PortRecord {

    private final KubernetesSource source;
    private final String namespace;
    private final ObjectRef ref;

    PortRecord(KubernetesSource source, String namespace) {
        this.source = source;
        this.namespace = namespace;
        this.ref = ref(namespace);
    }

    static ObjectRef ref(String namespace) {
        return new ObjectRef("", "ConfigMap", namespace, DesiredInfrastructure.PORTS);
    }

    private static Map<String, String> text(Map<String, Integer> wanted) {
        Map<String, String> text = new HashMap<>();
        wanted.forEach((key, number) -> text.put(key, String.valueOf(number)));
        return text;
    }

    private @Nullable LiveObject live() {
        return source.find(ref);
    }

    boolean differs(Map<String, Integer> wanted) {
        LiveObject liveObject = live();
        return liveObject == null
                || !(liveObject.resource() instanceof ConfigMap map)
                || !map.data().equals(text(wanted));
    }

    void write(Map<String, Integer> wanted) throws IOException {
        LiveObject liveObject = live();
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("apiVersion", "v1").put("kind", "ConfigMap");
        ObjectNode metadata = object.putObject("metadata");
        metadata.put("name", DesiredInfrastructure.PORTS).put("namespace", namespace);
        metadata.putObject("labels")
                .put(DesiredInfrastructure.MANAGED_BY, DesiredInfrastructure.MANAGER);
        ObjectNode data = object.putObject("data");
        new TreeMap<>(text(wanted)).forEach(data::put);
        String path = "/api/v1/namespaces/" + namespace + "/configmaps";
        ApiServer server = source.server();
        ApiServer.ApiResponse apiResponse;
        if (liveObject == null) {
            apiResponse = server.send("POST", path, ApiServer.JSON_TYPE, object);
        } else {
            metadata.put("resourceVersion", liveObject.version());
            String own = path + "/" + DesiredInfrastructure.PORTS;
            apiResponse = server.send("PUT", own, ApiServer.JSON_TYPE, object);
        }
        if (apiResponse.code() != ApiServer.CONFLICT) {
            apiResponse.orThrow(ref.toString());
        } // Else somebody was faster; the watch reports it.
    }
}
