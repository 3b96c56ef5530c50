package dev.sluice.source.kubernetes;

import dev.sluice.digest.Sha256;
import dev.sluice.resource.DesiredInfrastructure;
import dev.sluice.resource.EndpointSlice;
import dev.sluice.resource.ObjectRef;
import dev.sluice.resource.Pod;
import dev.sluice.resource.Service;
import dev.sluice.source.kubernetes.api.ApiServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Brings the Services and EndpointSlices of Gateways in line, by server-side apply. An annotation
/// holds a hash of what was applied last, so that nothing is written when nothing has changed. They
/// belong to their Gateway and go with it.
final class InfrastructureWriter {

    private static final String APPLIED = "sluice.dev/applied";
    private static final String QUERY = "?fieldManager=sluice&force=true";

    private final KubernetesSource source;
    private final String controller;
    private final GatewayObjects made;
    private final AtomicLong writes = new AtomicLong();
    private final Map<Key, String> applied = new ConcurrentHashMap<>();

    /// @param controller written on what is made, so that another controller does not take it away
    InfrastructureWriter(KubernetesSource source, String controller) {
        this.source = source;
        this.controller = controller;
        this.made = new GatewayObjects(controller);
    }

    long writes() {
        return writes.get();
    }

    /// Forgets what is not wanted any more.
    void retain(List<DesiredInfrastructure> wanted) {
        Set<String> names = new HashSet<>();
        wanted.forEach(one -> names.add(one.gateway().namespace() + "/" + one.name()));
        applied.keySet().removeIf(key -> !names.contains(key.owner()));
    }

    /// Whether what differs was applied by us as it is to be, and changed by somebody since.
    boolean isBent(DesiredInfrastructure wanted) {
        return !wanted.leavesNothing()
                && objects(wanted).stream()
                        .filter(this::differs)
                        .allMatch(one -> one.hash().equals(applied.get(key(wanted, one))));
    }

    /// @param owner namespace and name of the Service
    private record Key(String owner, String kind, String name) {}

    private static Key key(DesiredInfrastructure of, DesiredObject one) {
        return new Key(one.namespace() + "/" + of.name(), one.kind(), one.name());
    }

    /// Whether the API server has something else.
    boolean differs(DesiredInfrastructure wanted) {
        return wanted.leavesNothing()
                ? isThere("", "Service", wanted, wanted.name())
                        || GatewayObjects.Family.all().stream()
                                .anyMatch(f ->
                                        isThere(
                                                GatewayObjects.DISCOVERY,
                                                GatewayObjects.SLICE,
                                                wanted,
                                                f.name(wanted)))
                : objects(wanted).stream().anyMatch(this::differs);
    }

    void write(DesiredInfrastructure wanted) throws IOException {
        if (wanted.leavesNothing()) {
            delete("", "Service", wanted, wanted.name());
            for (GatewayObjects.Family family : GatewayObjects.Family.all()) {
                delete(GatewayObjects.DISCOVERY, GatewayObjects.SLICE, wanted, family.name(wanted));
            }
            return;
        }
        for (DesiredObject one : objects(wanted)) {
            if (differs(one)) {
                apply(one);
                applied.put(key(wanted, one), one.hash());
            }
        }
    }

    /// Whether an EndpointSlice still sends requests to a pod that is not to get any.
    boolean isStale(DesiredInfrastructure wanted) {
        return GatewayObjects.Family.all().stream().anyMatch(family -> isStale(wanted, family));
    }

    private boolean isStale(DesiredInfrastructure wanted, GatewayObjects.Family family) {
        LiveObject liveObject =
                ours(GatewayObjects.DISCOVERY, GatewayObjects.SLICE, wanted, family.name(wanted));
        if (liveObject == null || !(liveObject.resource() instanceof EndpointSlice slice)) {
            return false;
        }
        Set<String> ready = new HashSet<>();
        wanted.pods().stream().filter(Pod::takesRequests).forEach(p -> ready.addAll(p.addresses()));
        return slice.endpoints().stream()
                .filter(EndpointSlice.Endpoint::isReady)
                .anyMatch(endpoint -> !ready.containsAll(endpoint.addresses()));
    }

    void retire(DesiredInfrastructure wanted) throws IOException {
        for (GatewayObjects.Family family : GatewayObjects.Family.all()) {
            if (isStale(wanted, family)) {
                apply(
                        new DesiredObject(
                                GatewayObjects.DISCOVERY,
                                GatewayObjects.SLICE,
                                made.slice(wanted, family)));
            }
        }
    }

    private List<DesiredObject> objects(DesiredInfrastructure wanted) {
        List<DesiredObject> all = new ArrayList<>();
        all.add(new DesiredObject("", "Service", made.service(wanted)));
        for (GatewayObjects.Family family : GatewayObjects.Family.all()) {
            ObjectNode slice = made.slice(wanted, family);
            boolean any = !slice.path("endpoints").isEmpty();
            if (any
                    || family.primary()
                    || isThere(
                            GatewayObjects.DISCOVERY,
                            GatewayObjects.SLICE,
                            wanted,
                            family.name(wanted))) {
                all.add(new DesiredObject(GatewayObjects.DISCOVERY, GatewayObjects.SLICE, slice));
            }
        }
        return all;
    }

    /// An object as it is to be.
    private record DesiredObject(String group, String kind, ObjectNode object) {
        String namespace() {
            return object.path("metadata").path("namespace").asString();
        }

        String name() {
            return object.path("metadata").path("name").asString();
        }

        String hash() {
            return Sha256.hex(object.toString(), 16);
        }
    }

    private boolean differs(DesiredObject desiredObject) {
        LiveObject liveObject =
                source.find(
                        new ObjectRef(
                                desiredObject.group(),
                                desiredObject.kind(),
                                desiredObject.namespace(),
                                desiredObject.name()));
        return liveObject == null
                || !desiredObject
                        .hash()
                        .equals(liveObject.resource().metadata().annotations().get(APPLIED))
                || wasBent(liveObject, desiredObject.object());
    }

    private static Set<String> ports(Service service) {
        Set<String> ports = new HashSet<>();
        service.spec()
                .ports()
                .forEach(each ->
                        ports.add(each.name() + " " + each.port() + " " + each.targetPort()));
        return ports;
    }

    private static Set<String> ports(JsonNode wanted) {
        Set<String> ports = new HashSet<>();
        for (JsonNode each : wanted) {
            ports.add(
                    each.path("name").asString()
                            + " "
                            + each.path("port").asInt()
                            + " "
                            + each.path("targetPort").asInt());
        }
        return ports;
    }

    /// Whether somebody changed what leads to the pods.
    private static boolean wasBent(LiveObject liveObject, ObjectNode wanted) {
        return switch (liveObject.resource()) {
            case Service service ->
                    !Objects.equals(
                                    service.spec().type(),
                                    wanted.path("spec").path("type").asString())
                            || !ports(service).equals(ports(wanted.path("spec").path("ports")))
                            || wanted.path("spec").has("externalTrafficPolicy")
                                    && !wanted.path("spec")
                                            .path("externalTrafficPolicy")
                                            .asString()
                                            .equals(service.spec().externalTrafficPolicy());
            case EndpointSlice slice ->
                    slice.endpoints().size() != wanted.path("endpoints").size()
                            || slice.ports().size() != wanted.path("ports").size();
            default -> false;
        };
    }

    private void apply(DesiredObject desiredObject) throws IOException {
        KindWatch<KindStore> watch = source.watch(desiredObject.group(), desiredObject.kind());
        ObjectNode object = desiredObject.object().deepCopy();
        object.withObject("metadata").withObject("annotations").put(APPLIED, desiredObject.hash());
        ApiServer.ApiResponse apiResponse =
                source.server()
                        .send(
                                "PATCH",
                                watch.path(desiredObject.namespace(), desiredObject.name()) + QUERY,
                                "application/apply-patch+yaml",
                                object);
        watch.put(
                apiResponse.orThrow(
                        desiredObject.kind()
                                + " "
                                + desiredObject.namespace()
                                + "/"
                                + desiredObject.name()));
        writes.incrementAndGet();
    }

    private @Nullable LiveObject ours(
            String group, String kind, DesiredInfrastructure wanted, String name) {
        LiveObject liveObject =
                source.find(new ObjectRef(group, kind, wanted.gateway().namespace(), name));
        return liveObject != null
                        && controller.equals(
                                liveObject
                                        .resource()
                                        .metadata()
                                        .annotations()
                                        .get(GatewayObjects.CONTROLLER))
                ? liveObject
                : null;
    }

    private boolean isThere(String group, String kind, DesiredInfrastructure wanted, String name) {
        return ours(group, kind, wanted, name) != null;
    }

    private void delete(String group, String kind, DesiredInfrastructure wanted, String name)
            throws IOException {
        LiveObject liveObject = ours(group, kind, wanted, name);
        if (liveObject == null) {
            return;
        }
        ObjectNode options = JsonNodeFactory.instance.objectNode();
        options.put("apiVersion", "v1").put("kind", "DeleteOptions");
        options.putObject("preconditions").put("uid", liveObject.resource().metadata().uid());
        String path = source.watch(group, kind).path(wanted.gateway().namespace(), name);
        ApiServer.ApiResponse apiResponse =
                source.server().send("DELETE", path, ApiServer.JSON_TYPE, options);
        if (apiResponse.code() != ApiServer.NOT_FOUND && apiResponse.code() != ApiServer.CONFLICT) {
            apiResponse.orThrow(path);
            writes.incrementAndGet();
        }
    }
}
