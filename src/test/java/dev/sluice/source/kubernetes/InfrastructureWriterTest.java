package dev.sluice.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.resource.DesiredInfrastructure;
import dev.sluice.resource.Gateway;
import dev.sluice.resource.Metadata;
import dev.sluice.resource.ObjectRef;
import dev.sluice.resource.Pod;
import dev.sluice.resource.Statuses;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/// The Services and EndpointSlices of Gateways, and the record of their target ports.
@Timeout(60)
class InfrastructureWriterTest extends StatusWriterFixture {

    private static final String SERVICE = "/api/v1/namespaces/shop/services/sluice-gw";
    private static final String SLICE =
            "/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices/sluice-gw";

    private static DesiredInfrastructure infrastructure(Map<Integer, Integer> ports) {
        Metadata metadata =
                new Metadata("shop", "gw", 1, Instant.EPOCH, null, "uid", Map.of(), Map.of());
        Gateway gateway =
                new Gateway(
                        metadata,
                        new Gateway.Spec("sluice", List.of(), List.of(), null, null, null));
        Map<String, String> labels =
                Map.of(DesiredInfrastructure.MANAGED_BY, DesiredInfrastructure.MANAGER);
        return new DesiredInfrastructure(
                gateway,
                "sluice-gw",
                "LoadBalancer",
                "Local",
                "",
                labels,
                Map.of(),
                ports,
                List.of(pod()));
    }

    private static Pod pod() {
        Metadata metadata =
                new Metadata(
                        "sluice-system",
                        "sluice-1",
                        1,
                        Instant.EPOCH,
                        null,
                        "pod",
                        Map.of("topology.kubernetes.io/zone", "west"),
                        Map.of());
        return new Pod(
                metadata, new Pod.Spec("node-7"), new Pod.Status("10.0.0.1", List.of(), List.of()));
    }

    /// In our own namespace, where nobody who may edit Gateways can edit it.
    @Test
    void recordOfTargetPorts_isMade_mended_andKeptUpToDate() {
        String path = "/api/v1/namespaces/sluice-system/configmaps/sluice-target-ports";
        try (KubernetesSource own =
                        new KubernetesSource(
                                server.client(),
                                "sluice.dev/gateway-controller",
                                "sluice-system",
                                LONG,
                                Long.MAX_VALUE,
                                errors);
                StatusWriter leader =
                        new StatusWriter(own, "c", leading::get, "sluice-system", errors)) {
            own.start(_ -> {});
            leader.allocate(Map.of("u1.80", 20_080));
            leader.write(Statuses.NONE, List.of());
            await(() -> server.get(path).path("data").path("u1.80").asString("").equals("20080"));
            await(() -> own.find(PortRecord.ref("sluice-system")) != null);
            server.put(path, "{'data': {'u1.80': '9090'}}");
            await(() -> {
                leader.ring();
                return server.get(path).path("data").path("u1.80").asString("").equals("20080");
            });
            leader.allocate(Map.of("u1.80", 20_080, "u2.80", 20_081));
            leader.write(Statuses.NONE, List.of());
            await(() -> server.get(path).path("data").size() == 2);
        }
    }

    @Test
    void portsOfAServiceThatSomebodyBends_areMendedAtABoundedPace() {
        Statuses none = Statuses.NONE;
        List<DesiredInfrastructure> wanted = List.of(infrastructure(Map.of(80, 20080)));
        writer.write(none, wanted);
        await(() -> server.get(SERVICE).path("spec").path("ports").size() == 1);
        long begin = System.nanoTime();
        for (int i = 0; i < 4; i++) {
            String bent = server.get(SERVICE).toString().replace("20080", "9090");
            server.put(SERVICE, bent);
            await(() -> {
                writer.write(none, wanted);
                JsonNode port = server.get(SERVICE).path("spec").path("ports").path(0);
                return port.path("targetPort").asInt(0) == 20080;
            });
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin))
                .isGreaterThan(Duration.ofSeconds(2));
    }

    /// kube-proxy drops what comes to a node for a Service of `Local` without endpoints there.
    @Test
    void endpoints_haveTheirNodeAndZone() {
        writer.write(Statuses.NONE, List.of(infrastructure(Map.of(80, 20080))));
        await(() -> !server.get(SLICE).isMissingNode());
        JsonNode endpoint = server.get(SLICE).path("endpoints").get(0);
        assertThat(endpoint.path("nodeName").asString()).isEqualTo("node-7");
        assertThat(endpoint.path("zone").asString()).isEqualTo("west");
        assertThat(server.get(SERVICE).path("spec").path("externalTrafficPolicy").asString())
                .isEqualTo("Local");
    }

    @Test
    void trafficPolicyThatSomebodyChanged_isMended() {
        writer.write(Statuses.NONE, List.of(infrastructure(Map.of(80, 20080))));
        await(() -> !server.get(SERVICE).isMissingNode());
        server.put(SERVICE, server.get(SERVICE).toString().replace("Local", "Cluster"));
        await(() -> {
            writer.write(Statuses.NONE, List.of(infrastructure(Map.of(80, 20080))));
            return server.get(SERVICE).toString().contains("Local");
        });
        await(() -> events().size() == 1);
        assertThat(events().getFirst()).startsWith("gw: Warning ServiceRestored ");
    }

    @Test
    void service_isMade_mended_andTakenAway() {
        Statuses none = Statuses.NONE;
        writer.write(none, List.of(infrastructure(Map.of(80, 20080))));
        await(() -> server.get(SERVICE).path("spec").path("ports").size() == 1);
        // Somebody changes it.
        String bent = server.get(SERVICE).toString().replace("LoadBalancer", "ClusterIP");
        server.put(SERVICE, bent);
        await(() -> source.find(new ObjectRef("", "Service", "shop", "sluice-gw")) != null);
        await(() -> {
            writer.write(none, List.of(infrastructure(Map.of(80, 20080))));
            return server.get(SERVICE).path("spec").path("type").asString().equals("LoadBalancer");
        });
        writer.write(none, List.of(infrastructure(Map.of())));
        await(() -> server.get(SERVICE).isMissingNode());
    }
}
