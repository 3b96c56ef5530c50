package dev.sluice.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.observe.UnexpectedErrors;
import dev.sluice.resource.Gateway;
import dev.sluice.resource.GrpcRoute;
import dev.sluice.resource.HttpRoute;
import dev.sluice.resource.Resources;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What reaches us from an API server that goes, comes, forgets and refuses.
@Timeout(60)
class KubernetesSourceTest {

    private static final Duration LONG = Duration.ofSeconds(25);
    private static final String ROUTES =
            "/apis/gateway.networking.k8s.io/v1/namespaces/shop/httproutes/";

    private final FakeApiServer server = new FakeApiServer();
    private final KubernetesSource source =
            new KubernetesSource(
                    server.client(),
                    "sluice.dev/gateway-controller",
                    "sluice-system",
                    LONG,
                    Long.MAX_VALUE,
                    new UnexpectedErrors(new SimpleMeterRegistry()));
    private final Snapshots snapshots = new Snapshots();

    @AfterEach
    void close() {
        source.close();
        server.close();
    }

    private void start() {
        source.start(snapshots::add);
    }

    private void route(String name) {
        server.put(ROUTES + name, "{'spec': {'hostnames': ['" + name + ".example.com']}}");
    }

    private static Predicate<Resources> has(String route) {
        return r -> r.find(HttpRoute.class, "shop", route) != null;
    }

    private long lists(String plural) {
        return server.requests.stream()
                .filter(r -> r.contains("/" + plural + "?") && !r.contains("watch=true"))
                .count();
    }

    @Test
    void changes_comeOneAfterTheOther() throws InterruptedException {
        route("a");
        start();
        snapshots.await(has("a"));
        route("b");
        snapshots.await(has("a").and(has("b")));
        server.put(ROUTES + "b", "{'spec': {'hostnames': ['other.example.com']}}");
        snapshots.await(r -> {
            HttpRoute b = r.find(HttpRoute.class, "shop", "b");
            return b != null && b.metadata().generation() == 2;
        });
        server.delete(ROUTES + "a");
        snapshots.await(has("a").negate().and(has("b")));
    }

    @Test
    void errorInATurn_isNotTheLast() throws InterruptedException {
        AtomicBoolean thrown = new AtomicBoolean();
        Thread.ofVirtual()
                .start(() ->
                        source.start(snapshot -> {
                            if (thrown.compareAndSet(false, true)) {
                                throw new StackOverflowError();
                            }
                            snapshots.add(snapshot);
                        }));
        route("a");
        snapshots.await(has("a"));
        assertThat(thrown).isTrue();
        Instant turn = source.lastTurn();
        Awaitility.await().atMost(LONG).until(() -> source.lastTurn().isAfter(turn));
    }

    @Test
    void cutWatch_goesOnWithoutAnotherList() throws InterruptedException {
        route("a");
        start();
        snapshots.await(has("a"));
        long before = lists("httproutes");
        server.cutWatches();
        route("b");
        snapshots.await(has("b"));
        assertThat(lists("httproutes")).isEqualTo(before);
    }

    @Test
    void forgottenHistory_isListedAgain() throws InterruptedException {
        route("a");
        route("b");
        start();
        snapshots.await(has("b"));
        server.delete(ROUTES + "b");
        route("c");
        server.forgetHistory();
        server.cutWatches();
        Resources now = snapshots.await(has("c"));
        assertThat(now.find(HttpRoute.class, "shop", "b")).isNull();
        assertThat(now.find(HttpRoute.class, "shop", "a")).isNotNull();
    }

    @Test
    void absentServer_leavesWhatWasRead_andIsCaughtUpWith() throws InterruptedException {
        route("a");
        start();
        snapshots.await(has("a"));
        int port = server.port();
        server.kill();
        Awaitility.await().atMost(LONG).until(() -> !source.broken().isEmpty());
        assertThat(snapshots).allMatch(has("a"));
        server.delete(ROUTES + "a");
        route("b");
        server.revive(port);
        snapshots.await(has("b").and(has("a").negate()));
        Awaitility.await().atMost(LONG).until(() -> source.unreadable().isEmpty());
    }

    /// Whether there are events or not.
    @Test
    void serverThatIsBack_isConnectedTo_beforeItSaysAnything() throws InterruptedException {
        server.silent = true;
        route("a");
        start();
        snapshots.await(has("a"));
        int port = server.port();
        server.kill();
        Awaitility.await().atMost(LONG).until(() -> source.broken().containsKey("HTTPRoute"));
        server.revive(port);
        Awaitility.await().atMost(LONG).until(() -> source.broken().isEmpty());
    }

    @Test
    void kindThatIsNotInstalled_isReadWhenItAppears() throws InterruptedException {
        server.absent.add("grpcroutes");
        start();
        snapshots.await(r -> true);
        assertThat(source.unreadable()).containsEntry("GRPCRoute", "not installed");
        server.absent.remove("grpcroutes");
        server.put(
                "/apis/gateway.networking.k8s.io/v1/namespaces/shop/grpcroutes/g", "{'spec': {}}");
        snapshots.await(r -> r.find(GrpcRoute.class, "shop", "g") != null);
        assertThat(source.unreadable()).isEmpty();
    }

    private KubernetesSource hasty() {
        return new KubernetesSource(
                server.client(),
                "sluice.dev/gateway-controller",
                "sluice-system",
                Duration.ofMillis(300),
                Long.MAX_VALUE,
                new UnexpectedErrors(new SimpleMeterRegistry()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"httproutes", "authpolicies", "services"})
    void forbiddenKind_doesNotCountAsRead(String plural) throws InterruptedException {
        server.forbidden.add(plural);
        route("a");
        try (KubernetesSource impatient = hasty()) {
            impatient.start(snapshots::add);
            assertThat(snapshots).isEmpty();
            Awaitility.await()
                    .atMost(LONG)
                    .until(() ->
                            List.copyOf(impatient.awaited().values()).equals(List.of("forbidden")));
            server.forbidden.clear();
            snapshots.await(has("a"));
            assertThat(impatient.awaited()).isEmpty();
        }
    }

    @Test
    void kindWithoutWhichNothingIsServed_isAwaited_whenItIsNotInstalled()
            throws InterruptedException {
        server.absent.add("gateways");
        route("a");
        try (KubernetesSource impatient = hasty()) {
            impatient.start(snapshots::add);
            Awaitility.await()
                    .atMost(LONG)
                    .until(() -> impatient.awaited().equals(Map.of("Gateway", "not installed")));
            assertThat(snapshots).isEmpty();
            server.absent.clear();
            snapshots.await(has("a"));
        }
    }

    /// An API server that starts does not serve all its kinds at once. Routes without their
    /// policies would be open.
    @Test
    void kindThatIsDefinedAndNotServedYet_isAwaited() throws InterruptedException {
        server.absent.add("authpolicies");
        server.put(
                "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/authpolicies.policy.sluice.dev",
                "{}");
        route("a");
        try (KubernetesSource impatient = hasty()) {
            impatient.start(snapshots::add);
            Awaitility.await()
                    .atMost(LONG)
                    .until(() -> impatient.awaited().keySet().equals(Set.of("AuthPolicy")));
            assertThat(snapshots).isEmpty();
            server.absent.clear();
            snapshots.await(has("a"));
        }
    }

    @Test
    void kindThatIsForbiddenLater_holdsUpNothing() throws InterruptedException {
        route("a");
        start();
        snapshots.await(has("a"));
        server.forbidden.add("services");
        server.forgetHistory();
        server.cutWatches();
        Awaitility.await().atMost(LONG).until(() -> source.broken().containsKey("Service"));
        route("b");
        snapshots.await(has("a").and(has("b")));
        assertThat(source.awaited()).isEmpty();
    }

    @Test
    void watchesThatEndAtOnce_areNoStorm() {
        server.hasty = true;
        start();
        Awaitility.await()
                .pollDelay(Duration.ofSeconds(3))
                .atMost(LONG)
                .untilAsserted(() ->
                        assertThat(server.requests)
                                .filteredOn(r -> r.contains("watch=true"))
                                .hasSizeLessThan(20 * 8));
    }

    @Test
    void objectThatCannotBeRead_isLeftOut() throws InterruptedException {
        route("a");
        server.put(ROUTES + "bad", "{'spec': {'hostnames': 7}}");
        start();
        Resources now = snapshots.await(has("a"));
        assertThat(now.all(HttpRoute.class)).hasSize(1);
    }

    /// CRDs that are newer than we are.
    @Test
    void fieldThatMustNotBeSkipped_isKnownOfTheObject() throws InterruptedException {
        server.put(
                "/apis/gateway.networking.k8s.io/v1/namespaces/shop/gateways/gw",
                "{'spec': {'gatewayClassName': 'sluice', 'listeners':"
                        + " [{'name': 'a', 'port': 80, 'protocol': 'HTTP', 'filters': {}}]}}");
        start();
        Resources now = snapshots.await(r -> !r.all(Gateway.class).isEmpty());
        assertThat(now.all(Gateway.class).getFirst().metadata().unsupported())
                .containsExactly("spec.listeners[0].filters");
    }

    private void definition(String release, String ofRules) {
        server.put(
                "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/httproutes.gateway.networking.k8s.io",
                "{'metadata': {'annotations': {'gateway.networking.k8s.io/bundle-version': '"
                        + release
                        + "'}}, 'spec': {'versions': [{'name': 'v1', 'schema': {'openAPIV3Schema':"
                        + " {'properties': {'spec': {'properties': {'rules': {'type': 'array',"
                        + " 'items': {'properties': {"
                        + ofRules
                        + "}}}}}}}}}]}}");
    }

    private static List<String> unsupported(Resources resources, String route) {
        HttpRoute found = resources.find(HttpRoute.class, "shop", route);
        return found == null ? List.of("gone") : found.metadata().unsupported();
    }

    private static final String LATER =
            "'later': {'default': {}, 'properties': {'mode': {'default': 'Off'}}}";

    /// A release of Gateway API that came after us.
    @Test
    void defaultOfAFieldThatNobodyKnows_closesNothing() throws InterruptedException {
        definition("v9.0.0", LATER);
        server.put(ROUTES + "off", "{'spec': {'rules': [{'later': {'mode': 'Off'}}]}}");
        server.put(ROUTES + "on", "{'spec': {'rules': [{}, {'later': {'mode': 'On'}}]}}");
        start();
        Resources now = snapshots.await(has("off").and(has("on")));
        assertThat(unsupported(now, "off")).isEmpty();
        assertThat(unsupported(now, "on")).containsExactly("spec.rules[1].later");
    }

    @Test
    void releaseThatIsInstalledLater_bringsItsDefaults() throws InterruptedException {
        definition("v1.6.3", "");
        server.put(ROUTES + "off", "{'spec': {'rules': [{'later': {'mode': 'Off'}}]}}");
        start();
        assertThat(unsupported(snapshots.await(has("off")), "off"))
                .containsExactly("spec.rules[0].later");
        definition("v9.0.0", LATER);
        snapshots.await(now -> unsupported(now, "off").isEmpty());
    }

    @Test
    void releaseThatCannotBeRead_leavesItsFieldsClosed() throws InterruptedException {
        server.broken =
                request -> request.contains("definitions") && request.contains("fieldSelector");
        definition("v9.0.0", LATER);
        server.put(ROUTES + "off", "{'spec': {'rules': [{'later': {'mode': 'Off'}}]}}");
        start();
        assertThat(unsupported(snapshots.await(has("off")), "off"))
                .containsExactly("spec.rules[0].later");
    }

    @Test
    void schemasOfKnownReleases_areNotRead() throws InterruptedException {
        definition("v1.7.0", LATER);
        route("a");
        start();
        snapshots.await(has("a"));
        assertThat(server.requests)
                .filteredOn(r -> r.contains("customresourcedefinitions"))
                .isNotEmpty()
                .allMatch(r -> r.endsWith(" metadata"));
    }
}
