package dev.sluice.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.sluice.observe.UnexpectedErrors;
import dev.sluice.resource.Condition;
import dev.sluice.resource.DesiredInfrastructure;
import dev.sluice.resource.Gateway;
import dev.sluice.resource.Metadata;
import dev.sluice.resource.ObjectRef;
import dev.sluice.resource.Pod;
import dev.sluice.resource.Status;
import dev.sluice.resource.Statuses;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.AbstractList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// What is written to the API server, and what is not.
@Timeout(60)
class StatusWriterTest {

    private static final String GATEWAY =
            "/apis/gateway.networking.k8s.io/v1/namespaces/shop/gateways/gw";
    private static final String SERVICE = "/api/v1/namespaces/shop/services/sluice-gw";
    private static final String SLICE =
            "/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices/sluice-gw";
    private static final ObjectRef REF = new ObjectRef(Gateway.GROUP, "Gateway", "shop", "gw");
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration POLL = Duration.ofMillis(10);

    private final FakeApiServer server = new FakeApiServer();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final UnexpectedErrors errors = new UnexpectedErrors(registry);
    private final KubernetesSource source =
            new KubernetesSource(
                    server.client(),
                    "sluice.dev/gateway-controller",
                    null,
                    LONG,
                    Long.MAX_VALUE,
                    errors);
    private final AtomicBoolean leading = new AtomicBoolean(true);
    private final StatusWriter writer =
            new StatusWriter(source, "sluice.dev/gateway-controller", leading::get, null, errors);

    @BeforeEach
    void start() {
        server.put(GATEWAY, "{'spec': {'gatewayClassName': 'sluice'}}");
        source.start(_ -> {});
    }

    @AfterEach
    void close() {
        writer.close();
        source.close();
        server.close();
    }

    private static Statuses accepted(String message, long generation) {
        Condition condition = new Condition("Accepted", true, "Accepted", message, generation);
        return new Statuses(
                Map.of(REF, new Status.OfGateway(List.of(condition), List.of(), List.of(), 0)));
    }

    private void write(Statuses statuses) {
        writer.write(statuses, List.of());
    }

    private String message() {
        JsonNode conditions = server.get(GATEWAY).path("status").path("conditions");
        for (JsonNode condition : conditions) {
            if (condition.path("type").asString().equals("Accepted")) {
                return condition.path("message").asString();
            }
        }
        return "";
    }

    private long patches() {
        return server.requests.stream().filter(r -> r.startsWith("PATCH")).count();
    }

    private static void await(BooleanSupplier condition) {
        Awaitility.await().atMost(LONG).pollInterval(POLL).until(condition::getAsBoolean);
    }

    /// Writes something new and waits for it: whatever was due before has been done by then.
    private void settle(String message) {
        write(accepted(message, 1));
        await(() -> message().equals(message));
    }

    private static Statuses rejected(String reason) {
        Condition condition = new Condition("Accepted", false, reason, "because", 1);
        return new Statuses(
                Map.of(REF, new Status.OfGateway(List.of(condition), List.of(), List.of(), 0)));
    }

    private List<String> events() {
        return server.below("/api/v1/namespaces/shop/events").stream()
                .map(event ->
                        event.at("/involvedObject/name").asString()
                                + ": "
                                + event.path("type").asString()
                                + " "
                                + event.path("reason").asString()
                                + " "
                                + event.path("message").asString())
                .sorted()
                .toList();
    }

    @Test
    void changeOfFate_isAnEventOfTheObject_onceForEachReason() {
        settle("one");
        assertThat(events()).isEmpty();
        for (int i = 0; i < 3; i++) {
            write(rejected("Invalid"));
            await(() -> message().equals("because"));
            settle("again");
        }
        await(() -> events().size() == 2);
        assertThat(events())
                .containsExactly(
                        "gw: Normal Accepted Accepted is no longer False",
                        "gw: Warning Invalid Accepted is False: because");
    }

    @Test
    void fieldsWithoutEffect_areToldOnceForEachGeneration() {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(IgnoredFieldReporter.class);
        log.start();
        logger.addAppender(log);
        try {
            write(accepted("one", 1));
            await(() -> message().equals("one"));
            server.put(GATEWAY, "{'spec': {'gatewayClassName': 'sluice', 'defaultScope': 'All'}}");
            await(() -> generation() == 2);
            settle("two");
            settle("three");
            server.put(
                    GATEWAY,
                    "{'spec': {'gatewayClassName': 'sluice', 'defaultScope': 'All', 'addresses': []}}");
            await(() -> generation() == 3);
            settle("four");
            String warning = "Gateway shop/gw: valid, but of no effect here: spec.defaultScope";
            assertThat(List.copyOf(log.list))
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .containsExactly(warning, warning);
        } finally {
            logger.detachAppender(log);
        }
    }

    /// As the source has heard of it.
    private long generation() {
        LiveObject liveObject = source.find(REF);
        return liveObject == null ? 0 : liveObject.resource().metadata().generation();
    }

    @Test
    void equalStatus_isWrittenOnce() {
        settle("one");
        for (int i = 0; i < 20; i++) {
            write(accepted("one", 1));
        }
        settle("two");
        await(() -> writer.writes() == 2);
        assertThat(patches()).isEqualTo(2);
    }

    @Test
    void statusThatSomebodyElseChanged_isWrittenAgain() {
        settle("one");
        server.put(GATEWAY, "{'spec': {'gatewayClassName': 'sluice'}, 'status': {}}");
        await(() -> message().equals("one"));
        assertThat(patches()).isEqualTo(2);
    }

    /// It is heard of by a list, and by no event.
    @Test
    void statusThatSomebodyElseChangedMeanwhile_isWrittenAgain() {
        settle("one");
        int port = server.port();
        server.kill();
        await(() -> !source.broken().isEmpty());
        server.put(GATEWAY, "{'spec': {'gatewayClassName': 'sluice'}, 'status': {}}");
        server.forgetHistory();
        server.revive(port);
        await(() -> message().equals("one"));
        assertThat(patches()).isEqualTo(2);
    }

    @Test
    void replicaThatDoesNotLead_writesNothing_untilItDoes() {
        leading.set(false);
        write(accepted("one", 1));
        assertThat(patches()).isZero();
        leading.set(true);
        writer.ring();
        await(() -> message().equals("one"));
    }

    /// Their number grew for as long as a replica did not lead.
    @Test
    void objectsThatChange_areNotRemembered_byAReplicaThatDoesNotLead() {
        leading.set(false);
        write(accepted("one", 1));
        for (int i = 0; i < 50; i++) {
            server.put(GATEWAY + i, "{'spec': {'gatewayClassName': 'sluice'}}");
        }
        ObjectRef last = new ObjectRef(Gateway.GROUP, "Gateway", "shop", "gw49");
        await(() -> source.find(last) != null);
        await(() -> writer.remembered() == 0);
        leading.set(true);
        writer.ring();
        await(() -> message().equals("one"));
    }

    @Test
    void conditionsOfOthers_stay() {
        String foreign =
                "{'type':'example.com/Checked','status':'True','reason':'R','message':'m',"
                        + "'lastTransitionTime':'2020-01-01T00:00:00Z'}";
        server.put(
                GATEWAY,
                "{'spec': {'gatewayClassName': 'sluice'}, 'status': {'conditions': ["
                        + foreign
                        + "]}}");
        settle("one");
        assertThat(server.get(GATEWAY).path("status").path("conditions").get(0))
                .isEqualTo(FakeApiServer.JSON.readTree(foreign.replace('\'', '"')));
    }

    @Test
    void manyChanges_costFewWrites_andTheLastIsToldInTime() {
        for (int i = 0; i < 1000; i++) {
            write(accepted("change " + i, 1));
        }
        long end = System.nanoTime();
        await(() -> message().equals("change 999"));
        assertThat(Duration.ofNanos(System.nanoTime() - end)).isLessThan(Duration.ofSeconds(3));
        assertThat(patches()).isLessThanOrEqualTo(10);
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

    @Test
    void errorInAPass_isNotTheLast() {
        List<Condition> broken =
                new AbstractList<>() {
                    @Override
                    public Condition get(int index) {
                        throw new LinkageError();
                    }

                    @Override
                    public int size() {
                        return 1;
                    }
                };
        write(new Statuses(Map.of(REF, new Status.OfGateway(broken, List.of(), List.of(), 0))));
        await(() -> {
            var counter = registry.find("sluice.unexpected.errors").counter();
            return counter != null && counter.count() > 0;
        });
        settle("one");
    }

    @Test
    void objectThatIsGone_isForgotten() {
        settle("one");
        server.delete(GATEWAY);
        write(accepted("two", 1));
        server.put(GATEWAY, "{'spec': {'gatewayClassName': 'sluice'}}");
        await(() -> message().equals("two"));
    }

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
