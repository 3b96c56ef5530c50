package dev.sluice.discovery;

import dev.sluice.ir.Upstream.Endpoint;
import dev.sluice.resource.EndpointSlice;
import dev.sluice.resource.Resources;
import dev.sluice.resource.Service;
import dev.sluice.translate.backend.ReadyEndpoints;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.springframework.cloud.client.ServiceInstance;

/// The Services of the newest snapshot, as Spring Cloud names things: a service is
/// `name.namespace`, an instance is a ready endpoint of its first port.
public final class Services {

    private static final String HTTPS = "https";
    private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

    private final Supplier<Resources> newest;

    public Services(Supplier<Resources> newest) {
        this.newest = newest;
    }

    /// All that have a port, oldest first.
    List<String> names() {
        return newest.get().all(Service.class).stream()
                .filter(service -> !service.spec().ports().isEmpty())
                .map(service -> service.name() + "." + service.namespace())
                .toList();
    }

    /// The instances of a service; none when there is no such service.
    ///
    /// @param id `name.namespace`, with or without `.svc` and what follows it
    List<ServiceInstance> instances(String id) {
        String[] labels = id.split("\\.", 4);
        if (labels.length < 2 || labels.length > 2 && !labels[2].equals("svc")) {
            return List.of();
        }
        Resources resources = newest.get();
        Service service = resources.find(Service.class, labels[1], labels[0]);
        if (service == null || service.spec().ports().isEmpty()) {
            return List.of();
        }
        Service.Port port = service.spec().ports().get(0);
        boolean secure = HTTPS.equals(port.appProtocol());
        Map<String, String> common = metadata(service);
        List<EndpointSlice> slices = resources.slices(service.namespace(), service.name());
        Map<String, List<Endpoint>> ports = new LinkedHashMap<>();
        for (Service.Port each : service.spec().ports()) {
            String name = Objects.requireNonNullElse(each.name(), "<unset>");
            ports.put("port." + name, ReadyEndpoints.ready(slices, service, each));
        }
        return ReadyEndpoints.ready(slices, service, port).stream()
                .<ServiceInstance>map(endpoint ->
                        new Instance(id, endpoint, secure, with(common, ports, endpoint.host())))
                .toList();
    }

    private static Map<String, String> with(
            Map<String, String> common, Map<String, List<Endpoint>> ports, String host) {
        Map<String, String> metadata = new HashMap<>(common);
        ports.forEach((name, endpoints) ->
                endpoints.stream()
                        .filter(endpoint -> endpoint.host().equals(host))
                        .findFirst()
                        .ifPresent(one -> metadata.put(name, String.valueOf(one.port()))));
        return Map.copyOf(metadata);
    }

    /// With the keys that Spring Cloud Kubernetes has.
    private static Map<String, String> metadata(Service service) {
        Map<String, String> metadata = new HashMap<>(service.metadata().annotations());
        metadata.remove(LAST_APPLIED);
        metadata.putAll(service.metadata().labels());
        metadata.put("k8s_namespace", service.namespace());
        metadata.put("type", Objects.requireNonNullElse(service.spec().type(), "ClusterIP"));
        return metadata;
    }
}
