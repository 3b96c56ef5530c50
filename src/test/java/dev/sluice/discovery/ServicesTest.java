package dev.sluice.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.resource.EndpointSlice;
import dev.sluice.resource.EndpointSlice.Conditions;
import dev.sluice.resource.Metadata;
import dev.sluice.resource.Resource;
import dev.sluice.resource.Resources;
import dev.sluice.resource.Service;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.cloud.client.ServiceInstance;

class ServicesTest {

    private final List<Resource> objects = new ArrayList<>();
    private final Services services = new Services(() -> Resources.of(objects));

    private static Metadata metadata(
            String namespace, String name, Map<String, String> labels, Map<String, String> notes) {
        return new Metadata(namespace, name, 1, Instant.EPOCH, null, "", labels, notes);
    }

    private static Service service(String namespace, String name, Service.Port... ports) {
        return new Service(
                metadata(namespace, name, Map.of("team", "a"), Map.of("example.com/note", "b")),
                new Service.Spec(null, null, null, List.of(ports)),
                null);
    }

    private static Service.Port port(@Nullable String name, int port, @Nullable String protocol) {
        return new Service.Port(name, port, protocol, null);
    }

    private static EndpointSlice slice(
            String service, List<EndpointSlice.Port> ports, EndpointSlice.Endpoint... endpoints) {
        return new EndpointSlice(
                metadata("shop", service, Map.of(EndpointSlice.SERVICE, service), Map.of()),
                List.of(endpoints),
                ports);
    }

    private static EndpointSlice.Endpoint endpoint(String address, boolean ready) {
        return new EndpointSlice.Endpoint(List.of(address), new Conditions(ready, ready, !ready));
    }

    @Test
    void services_areNamedWithTheirNamespace() {
        objects.add(service("shop", "account", port(null, 80, null)));
        objects.add(service("other", "account", port(null, 80, null)));
        objects.add(service("other", "portless"));
        assertThat(services.names()).containsExactly("account.other", "account.shop");
        assertThat(new ServiceDiscovery(services).getServices()).hasSize(2);
        assertThat(new ReactiveServiceDiscovery(services).getServices().toIterable())
                .containsExactly("account.other", "account.shop");
    }

    @Test
    void instances_areTheReadyEndpointsOfTheFirstPort() {
        objects.add(service("shop", "account", port("web", 443, "https"), port("admin", 81, null)));
        objects.add(
                slice(
                        "account",
                        List.of(
                                new EndpointSlice.Port("admin", 9000),
                                new EndpointSlice.Port("web", 8443)),
                        endpoint("10.0.0.1", true),
                        endpoint("10.0.0.2", false),
                        endpoint("fd00::3", true)));
        List<ServiceInstance> instances = services.instances("account.shop");
        assertThat(instances)
                .extracting(ServiceInstance::getUri)
                .containsExactly(
                        URI.create("https://10.0.0.1:8443"), URI.create("https://[fd00::3]:8443"));
        ServiceInstance first = instances.get(0);
        assertThat(first.getServiceId()).isEqualTo("account.shop");
        assertThat(first.getInstanceId()).isEqualTo("10.0.0.1:8443");
        assertThat(first.isSecure()).isTrue();
        assertThat(first.getMetadata())
                .containsOnly(
                        Map.entry("team", "a"),
                        Map.entry("example.com/note", "b"),
                        Map.entry("port.web", "8443"),
                        Map.entry("port.admin", "9000"),
                        Map.entry("k8s_namespace", "shop"),
                        Map.entry("type", "ClusterIP"));
    }

    @Test
    void clusterNames_areTaken_othersAreUnknown() {
        objects.add(service("shop", "account", port(null, 80, null)));
        objects.add(
                slice(
                        "account",
                        List.of(new EndpointSlice.Port(null, 8080)),
                        endpoint("10.0.0.1", true)));
        assertThat(services.instances("account.shop.svc.cluster.local")).hasSize(1);
        assertThat(services.instances("account.shop.svc")).hasSize(1);
        assertThat(services.instances("account.shop.example.com")).isEmpty();
        assertThat(services.instances("account")).as("of which namespace?").isEmpty();
        assertThat(services.instances("account.other")).isEmpty();
    }

    @Test
    void externalName_isItsOwnInstance() {
        objects.add(
                new Service(
                        metadata("shop", "partner", Map.of(), Map.of()),
                        new Service.Spec(
                                "ExternalName",
                                "api.example.com",
                                null,
                                List.of(port("https", 443, "https"))),
                        null));
        assertThat(services.instances("partner.shop"))
                .extracting(ServiceInstance::getUri)
                .containsExactly(URI.create("https://api.example.com:443"));
    }

    @Test
    void newestSnapshot_isWhatCounts() {
        assertThat(services.instances("account.shop")).isEmpty();
        objects.add(service("shop", "account", port(null, 80, null)));
        objects.add(
                slice(
                        "account",
                        List.of(new EndpointSlice.Port(null, 8080)),
                        endpoint("10.0.0.1", true)));
        assertThat(services.instances("account.shop")).hasSize(1);
    }
}
