package dev.sluice.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.observe.UnexpectedErrors;
import dev.sluice.resource.Gateway;
import dev.sluice.resource.HttpRoute;
import dev.sluice.resource.Resources;
import dev.sluice.resource.Secret;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Secrets reach us when objects of ours refer to them, and no other value does.
@Timeout(60)
class ReferencedObjectsTest {

    private static final Duration LONG = Duration.ofSeconds(25);
    private static final String CONTROLLER = "sluice.dev/gateway-controller";
    private static final String GATEWAY_API = "/apis/gateway.networking.k8s.io/v1";
    private static final String GATEWAYS = GATEWAY_API + "/namespaces/shop/gateways/";
    private static final String SECRETS = "/api/v1/namespaces/shop/secrets/";

    private final FakeApiServer server = new FakeApiServer();
    private final KubernetesSource source =
            new KubernetesSource(
                    server.client(),
                    CONTROLLER,
                    null,
                    LONG,
                    Long.MAX_VALUE,
                    new UnexpectedErrors(new SimpleMeterRegistry()));
    private final Snapshots snapshots = new Snapshots();

    @BeforeEach
    void classes() {
        server.put(
                GATEWAY_API + "/gatewayclasses/sluice",
                "{'spec': {'controllerName': '" + CONTROLLER + "'}}");
        server.put(
                GATEWAY_API + "/gatewayclasses/other",
                "{'spec': {'controllerName': 'example.com/other'}}");
    }

    @AfterEach
    void close() {
        source.close();
        server.close();
    }

    private void start() {
        // Not on the common pool, which the HTTP client needs.
        Thread.ofVirtual().start(() -> source.start(snapshots::add));
    }

    private void gateway(String name, String ofClass, Stream<String> secrets) {
        String refs =
                secrets.map(secret -> "{'name': '" + secret + "'}")
                        .collect(Collectors.joining(", "));
        server.put(
                GATEWAYS + name,
                "{'spec': {'gatewayClassName': '"
                        + ofClass
                        + "', 'listeners': [{'name': 'https', 'port': 443, 'protocol': 'HTTPS',"
                        + " 'tls': {'certificateRefs': ["
                        + refs
                        + "]}}]}}");
    }

    private void secret(String name, String value) {
        server.put(
                SECRETS + name,
                "{'type': 'kubernetes.io/tls', 'data': {'tls.crt': '" + value + "'}}");
    }

    private static Predicate<Resources> has(String secret, int bytes) {
        return snapshot -> {
            Secret found = snapshot.find(Secret.class, "shop", secret);
            String value = found == null ? null : found.text("tls.crt");
            return value != null && value.length() == bytes;
        };
    }

    /// Requests of Secrets that are answered with more than metadata.
    private List<String> values() {
        return server.requests.stream()
                .filter(request -> request.contains("secrets"))
                .filter(request -> !request.endsWith(" metadata"))
                .toList();
    }

    @Test
    void secret_isReadByItself_whenSomethingRefersToIt() throws InterruptedException {
        secret("cert", "eA==");
        secret("password", "eA==");
        start();
        Resources none = snapshots.await(r -> true);
        assertThat(none.all(Secret.class)).isEmpty();
        assertThat(server.requests).noneMatch(request -> request.contains("secrets"));
        gateway("gw", "sluice", Stream.of("cert"));
        // The snapshot with the Gateway is complete: there is none without the Secret.
        Resources some = snapshots.await(r -> r.size() > none.size());
        assertThat(some.all(Secret.class)).extracting(Secret::name).containsExactly("cert");
        assertThat(values()).containsExactly("GET " + SECRETS + "cert");
    }

    @Test
    void changes_ofASecret_areFollowed() throws InterruptedException {
        gateway("gw", "sluice", Stream.of("cert"));
        start();
        assertThat(snapshots.await(r -> true).all(Secret.class)).isEmpty();
        secret("cert", "eA==");
        snapshots.await(has("cert", 1));
        secret("cert", "eHg=");
        snapshots.await(has("cert", 2));
        server.cutWatches();
        server.delete(SECRETS + "cert");
        snapshots.await(r -> r.find(Secret.class, "shop", "cert") == null);
        server.forgetHistory();
        secret("cert", "eHh4");
        server.cutWatches();
        snapshots.await(has("cert", 3));
        assertThat(values()).allMatch(("GET " + SECRETS + "cert")::equals);
    }

    @Test
    void secretsOfOthersGateways_areNotRead() throws InterruptedException {
        secret("theirs", "eA==");
        secret("ours", "eA==");
        gateway("theirs", "other", Stream.of("theirs"));
        gateway("ours", "sluice", Stream.of("ours"));
        start();
        assertThat(snapshots.await(r -> true).all(Secret.class))
                .extracting(Secret::name)
                .containsExactly("ours");
        assertThat(values()).containsExactly("GET " + SECRETS + "ours");
    }

    /// Or who may write Gateways in one namespace would have us read any Secret.
    @Test
    void secretOfAnotherNamespace_isReadWhenAGrantPermitsIt() throws InterruptedException {
        String others = "/api/v1/namespaces/vault/secrets/cert";
        server.put(others, "{'type': 'kubernetes.io/tls', 'data': {'tls.crt': 'eA=='}}");
        server.put(
                GATEWAYS + "gw",
                "{'spec': {'gatewayClassName': 'sluice', 'listeners': [{'name': 'https', 'port': 443,"
                        + " 'protocol': 'HTTPS', 'tls': {'certificateRefs': [{'name': 'cert',"
                        + " 'namespace': 'vault'}]}}]}}");
        start();
        snapshots.await(r -> r.find(Gateway.class, "shop", "gw") != null);
        assertThat(values()).isEmpty();
        server.put(
                GATEWAY_API + "/namespaces/vault/referencegrants/shop",
                "{'spec': {'from': [{'group': 'gateway.networking.k8s.io', 'kind': 'Gateway',"
                        + " 'namespace': 'shop'}], 'to': [{'group': '', 'kind': 'Secret'}]}}");
        snapshots.await(r -> r.find(Secret.class, "vault", "cert") != null);
        assertThat(values()).containsExactly("GET " + others);
    }

    @Test
    void secretThatIsNoLongerReferredTo_isForgotten() throws InterruptedException {
        secret("cert", "eA==");
        gateway("gw", "sluice", Stream.of("cert"));
        start();
        snapshots.await(has("cert", 1));
        gateway("gw", "sluice", Stream.of());
        snapshots.await(r -> r.all(Secret.class).isEmpty());
    }

    private void followASecret() throws InterruptedException {
        secret("cert", "eA==");
        gateway("gw", "sluice", Stream.of("cert"));
        start();
        snapshots.await(has("cert", 1));
        secret("cert", "eHg=");
        snapshots.await(has("cert", 2));
        assertThat(source.unreadable()).isEmpty();
    }

    @Test
    void whereTheClusterMayNotBeWatched_namespacesAre() throws InterruptedException {
        server.refused = request -> request.matches("GET /api/v1/secrets.*");
        followASecret();
        assertThat(values()).allMatch(("GET " + SECRETS + "cert")::equals);
    }

    /// More than a connection of HTTP/2 permits streams.
    @Test
    void whereMetadataMayNotBeWatched_eachIsByName() throws InterruptedException {
        server.refused =
                request -> request.contains("secrets") && !request.contains("fieldSelector=");
        IntStream.range(0, 120).forEach(i -> secret("cert-" + i, "eA=="));
        gateway("gw", "sluice", IntStream.range(0, 120).mapToObj(i -> "cert-" + i));
        start();
        assertThat(snapshots.await(r -> true).all(Secret.class)).hasSize(120);
        secret("cert-7", "eHg=");
        snapshots.await(has("cert-7", 2));
        assertThat(source.unreadable()).isEmpty();
    }

    @Test
    void secretThatMayNotBeRead_isWatchedByName() throws InterruptedException {
        server.refused = request -> request.matches("GET /api/v1/namespaces/shop/secrets/.*");
        followASecret();
    }

    @Test
    void forbiddenSecret_holdsUpNothing() throws InterruptedException {
        server.forbidden.add("secrets");
        gateway("gw", "sluice", Stream.of("cert"));
        server.put(GATEWAY_API + "/namespaces/shop/httproutes/a", "{'spec': {}}");
        start();
        snapshots.await(r -> r.find(HttpRoute.class, "shop", "a") != null);
        assertThat(source.unreadable()).containsEntry("Secret shop/cert", "forbidden");
    }

    @Test
    void serverThatFails_isAskedAgain() throws InterruptedException {
        server.broken = request -> request.equals("GET " + SECRETS + "cert");
        secret("cert", "eA==");
        gateway("gw", "sluice", Stream.of("cert"));
        start();
        assertThat(snapshots.await(r -> true).all(Secret.class)).isEmpty();
        assertThat(source.unreadable()).containsKey("Secret shop/cert");
        server.broken = _ -> false;
        snapshots.await(has("cert", 1));
        assertThat(source.unreadable()).isEmpty();
    }
}
