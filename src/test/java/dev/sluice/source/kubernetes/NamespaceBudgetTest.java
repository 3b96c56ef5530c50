package dev.sluice.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.observe.UnexpectedErrors;
import dev.sluice.resource.Gateway;
import dev.sluice.resource.HttpRoute;
import dev.sluice.resource.ObjectRef;
import dev.sluice.resource.Resources;
import dev.sluice.resource.Status;
import dev.sluice.translate.Translation;
import dev.sluice.translate.Translator;
import dev.sluice.translate.context.TranslationSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.node.ObjectNode;

/// What a namespace may have of the memory that all share.
@Timeout(120)
class NamespaceBudgetTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String ROUTES =
            "/apis/gateway.networking.k8s.io/v1/namespaces/%s/httproutes/%s";
    private static final long MEGABYTE = 1024 * 1024;
    private static final int MANY = 160;
    private static final String BLOCK = "x".repeat(4096);

    private final FakeApiServer server = new FakeApiServer();
    private final AtomicReference<Resources> newest = new AtomicReference<>(Resources.EMPTY);
    private final KubernetesSource source =
            new KubernetesSource(
                    server.client(),
                    "sluice.dev/gateway-controller",
                    null,
                    LONG,
                    8 * MEGABYTE,
                    new UnexpectedErrors(new SimpleMeterRegistry()));

    @AfterEach
    void close() {
        source.close();
        server.close();
    }

    private void route(String namespace, String name, int age) {
        server.put(
                ROUTES.formatted(namespace, name),
                ("{'metadata': {'creationTimestamp': '%s'}, 'spec': {'parentRefs': [{'name': 'gw'}],"
                                + " 'rules': [{'name': 'own'}]}}")
                        .formatted(Instant.EPOCH.plusSeconds(age)));
    }

    /// A megabyte that nobody but the reader has to keep.
    private static ObjectNode big(ObjectNode object) {
        if (object.path("spec").has("parentRefs")
                && object.path("metadata").path("namespace").asString().equals("greedy")) {
            for (int i = 0; i < 256; i++) {
                object.withObject("metadata").withObject("annotations").put("a" + i, BLOCK);
            }
        }
        return object;
    }

    private List<HttpRoute> whole(String namespace) {
        return newest.get().all(HttpRoute.class).stream()
                .filter(route -> route.namespace().equals(namespace))
                .filter(route -> route.metadata().excess() == null)
                .toList();
    }

    private static long used() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    @Test
    void routesOfAMegabyteEach_takeTheBudgetOfTheirNamespace_andNoMore() {
        server.put(
                "/apis/gateway.networking.k8s.io/v1/gatewayclasses/sluice",
                "{'spec': {'controllerName': '" + TranslationSettings.CONTROLLER + "'}}");
        for (String namespace : List.of("greedy", "modest")) {
            server.put(
                    "/apis/gateway.networking.k8s.io/v1/namespaces/" + namespace + "/gateways/gw",
                    "{'spec': {'gatewayClassName': 'sluice', 'listeners': [{'name': 'http', 'port': 80,"
                            + " 'protocol': 'HTTP'}]}}");
        }
        // The newest come first in the list.
        IntStream.range(0, MANY).forEach(i -> route("greedy", "r%03d".formatted(i), 1000 - i));
        route("modest", "r", 2000);
        server.listed = NamespaceBudgetTest::big;
        long before = used();
        source.start(newest::set);
        Awaitility.await()
                .atMost(LONG)
                .untilAsserted(() ->
                        assertThat(whole("greedy"))
                                .extracting(HttpRoute::name)
                                .containsExactlyInAnyOrder(
                                        "r153", "r154", "r155", "r156", "r157", "r158", "r159"));
        assertThat(used() - before).isLessThan(40 * MEGABYTE);
        assertThat(newest.get().all(HttpRoute.class)).hasSize(MANY + 1);
        assertThat(whole("modest")).hasSize(1);
        assertThat(server.requests)
                .filteredOn(request -> request.contains("httproutes") && request.contains("limit="))
                .anyMatch(request -> request.contains("limit=50"))
                .anyMatch(request -> request.matches(".*limit=[12]&.*"));

        Translation translation =
                new Translator(TranslationSettings.DEFAULT, List.of()).translate(newest.get());
        assertThat(translation.statuses().byObject().get(ref("greedy", "r000")))
                .isInstanceOfSatisfying(
                        Status.OfRoute.class,
                        status ->
                                assertThat(status.parents().getFirst().conditions().getFirst())
                                        .satisfies(condition -> {
                                            assertThat(condition.status()).isFalse();
                                            assertThat(condition.reason())
                                                    .isEqualTo("NamespaceBudgetExceeded");
                                            assertThat(condition.message())
                                                    .contains("161 objects of namespace greedy")
                                                    .contains("8388608 are kept");
                                        }));

        server.delete(ROUTES.formatted("greedy", "r159"));
        Awaitility.await()
                .atMost(LONG)
                .untilAsserted(() ->
                        assertThat(whole("greedy"))
                                .extracting(HttpRoute::name)
                                .contains("r152")
                                .hasSize(7));
    }

    private static ObjectRef ref(String namespace, String name) {
        return new ObjectRef(Gateway.GROUP, "HTTPRoute", namespace, name);
    }

    @Test
    void oldest_areKept_whateverTheOrderInWhichTheyCome() {
        NamespaceBudget budget = new NamespaceBudget(1000);
        assertThat(budget.put(ref("a", "new"), Instant.ofEpochSecond(3), 300)).isEmpty();
        assertThat(budget.put(ref("a", "old"), Instant.ofEpochSecond(1), 300)).isEmpty();
        assertThat(budget.put(ref("a", "middle"), Instant.ofEpochSecond(2), 200))
                .containsExactly(ref("a", "new"));
        assertThat(budget.put(ref("b", "other"), Instant.ofEpochSecond(9), 700)).isEmpty();
        assertThat(budget.excess(ref("a", "new")))
                .startsWith("the 3 objects of namespace a take 1400");
        assertThat(budget.excess(ref("a", "middle"))).isEmpty();
        assertThat(budget.excess(ref("b", "other"))).isEmpty();
        assertThat(budget.remove(ref("a", "old"))).isEqualTo(Set.of(ref("a", "new")));
        assertThat(budget.excess(ref("a", "new"))).isEmpty();
    }

    @Test
    void objectsOfNoNamespace_areTheAdministrators() {
        NamespaceBudget budget = new NamespaceBudget(10);
        assertThat(budget.put(ref("", "a"), Instant.EPOCH, 1_000_000)).isEmpty();
        assertThat(budget.excess(ref("", "a"))).isEmpty();
    }
}
