package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.control.ControlLoop;
import dev.sluice.dataplane.DataPlane;
import dev.sluice.dataplane.Publication;
import dev.sluice.dataplane.RuleCompiler;
import dev.sluice.engine.HttpPorts;
import dev.sluice.engine.Observer;
import dev.sluice.engine.RulePolicies;
import dev.sluice.fixture.LiveObjects;
import dev.sluice.fixture.Loopback;
import dev.sluice.fixture.Manifests;
import dev.sluice.fixture.wire.RawClient;
import dev.sluice.listener.Listeners;
import dev.sluice.net.Workers;
import dev.sluice.observe.ControlMeters;
import dev.sluice.observe.RequestMeters;
import dev.sluice.observe.UnexpectedErrors;
import dev.sluice.observe.UpstreamMeters;
import dev.sluice.policy.auth.provider.ProviderOutages;
import dev.sluice.resource.Kinds;
import dev.sluice.resource.ObjectRef;
import dev.sluice.resource.Resource;
import dev.sluice.resource.Resources;
import dev.sluice.server.ServerSettings;
import dev.sluice.source.ResourceSource;
import dev.sluice.translate.Translator;
import dev.sluice.translate.context.TranslationSettings;
import dev.sluice.upstream.UpstreamSettings;
import dev.sluice.upstream.Upstreams;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// What users of a cluster change in months, in a minute: teams come with routes, Services and
/// policies of every kind, under names that never come again, and go. What is held afterwards is
/// what was held after the first of them.
class ChurnTest implements ResourceSource {

    private static final int CHANGES = 100_000;

    /// Before the first look: everything that is made once is made, and code is compiled.
    private static final int FIRST = 10_000;

    private static final int TEAMS = 20;

    /// Teams that come in a change, and that go.
    private static final int AT_ONCE = 5;

    /// Objects of a class. 6,400 teams come between the looks, so that one object of each is more.
    /// The JVM's own, of formats and of jars that are opened late, were up to 4,300 entries of
    /// maps.
    private static final long SLACK = 5_000;

    private static final int LOOKS = 60;

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);

    private static final String TEAM =
            """
            apiVersion: v1
            kind: Service
            metadata: {name: TEAM, namespace: TEAM, annotations: {sluice.dev/endpoints: "127.0.0.1:BACKEND"}}
            spec: {ports: [{port: 80}]}
            ---
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata: {name: TEAM, namespace: TEAM}
            spec:
              parentRefs: [{name: gateway, namespace: default}]
              hostnames: [TEAM.example]
              rules:
              - backendRefs: [{name: TEAM, port: 80}]
              - matches: [{path: {value: /none}}]
                backendRefs: [{name: none, port: 80}]
            ---
            apiVersion: policy.sluice.dev/v1alpha1
            kind: RateLimitPolicy
            metadata: {name: TEAM, namespace: TEAM}
            spec:
              targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: TEAM}]
              limits: [{name: all, key: [{header: X-User}], rate: {requests: 10, per: 1m}}]
            ---
            apiVersion: policy.sluice.dev/v1alpha1
            kind: ResiliencePolicy
            metadata: {name: TEAM, namespace: TEAM}
            spec:
              targetRefs: [{group: "", kind: Service, name: TEAM}]
              circuitBreaker: {failureRate: 40}
              bulkhead: {parallel: 100}
              faults: {abort: {status: 503, percent: 1}, onlyWhenHeader: X-Chaos}
            ---
            apiVersion: policy.sluice.dev/v1alpha1
            kind: TelemetryPolicy
            metadata: {name: TEAM, namespace: TEAM}
            spec:
              targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: TEAM}]
              accessLog: {when: response.status >= 500}
              metrics: {extraLabels: [{name: plan, headerName: X-Plan, values: [free, paid]}]}
            ---
            apiVersion: policy.sluice.dev/v1alpha1
            kind: AuthPolicy
            metadata: {name: TEAM, namespace: TEAM}
            spec:
              targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: TEAM}]
              csrf: {additionalOrigins: ["https://TEAM.example"]}
              apiKey: {secretRefs: [{name: keys}], optional: true}
              authorization: {default: Allow, rules: [{name: no, allow: false, when: {paths: [/TEAM], cel: "request.method == 'GET'"}}]}
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: keys, namespace: TEAM}
            stringData: {one: key-of-TEAM-that-is-long}
            """;

    /// What stays, and is edited all the time.
    private static final String EDITED =
            """
            apiVersion: policy.sluice.dev/v1alpha1
            kind: TelemetryPolicy
            metadata: {name: edited}
            spec:
              targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: gateway}]
              metrics: {extraLabels: [{name: edit, headerName: X-Edit, values: [VALUE]}]}
            """;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Workers workers = new Workers(1);
    private final Upstreams upstreams =
            new Upstreams(workers, UpstreamSettings.DEFAULT, new UpstreamMeters(meters, 1_000));
    private final Listeners listeners =
            new Listeners(workers, ServerSettings.DEFAULT, Duration.ofSeconds(5));
    private final UnexpectedErrors errors = new UnexpectedErrors(meters);
    private final ControlLoop loop =
            new ControlLoop(
                    this,
                    new Translator(TranslationSettings.DEFAULT, PolicyConfiguration.kinds(false)),
                    new Publication(
                            new DataPlane(
                                    upstreams,
                                    new HttpPorts(Observer.NONE),
                                    listeners,
                                    new RuleCompiler(
                                            upstreams,
                                            new RequestMeters(meters, 1_000),
                                            policies(),
                                            _ -> null)),
                            (_, _) -> {}),
                    (_, _) -> {},
                    new ControlMeters(meters),
                    errors);
    private final Queue<List<Resource>> teams = new ArrayDeque<>();
    private Consumer<Resources> listener = _ -> {};
    private Resources now = Resources.EMPTY;
    private int changes;
    private int next;

    private RulePolicies policies() {
        PolicyModule.Inputs inputs =
                new PolicyModule.Inputs(meters, new ProviderOutages(meters), null, null);
        return new RulePolicies(
                PolicyModule.all(false).stream()
                        .collect(
                                Collectors.toMap(
                                        PolicyModule::name,
                                        module -> module.effect().apply(inputs))));
    }

    @Override
    public void start(Consumer<Resources> to) {
        listener = to;
    }

    @Override
    public void refresh() {}

    @Override
    public Instant lastTurn() {
        return Instant.EPOCH;
    }

    @Override
    public void close() {}

    private void change(int port, int backend) throws Exception {
        List<Resource> come = new ArrayList<>();
        List<ObjectRef> gone = new ArrayList<>();
        String newest = "";
        for (int i = 0; i < AT_ONCE; i++) {
            newest = "team-" + next++;
            List<Resource> team =
                    LiveObjects.parse(
                            TEAM.replace("TEAM", newest)
                                    .replace("BACKEND", String.valueOf(backend)));
            come.addAll(team);
            teams.add(team);
            if (teams.size() > TEAMS) {
                teams.remove().forEach(one -> gone.add(Kinds.ref(one)));
            }
        }
        come.addAll(LiveObjects.parse(EDITED.replace("VALUE", newest)));
        now = now.with(come, gone);
        changes += come.size() + gone.size();
        listener.accept(now);
        try (RawClient client = new RawClient(port)) {
            assertThat(client.get(newest + ".example", "/").status()).isEqualTo(200);
            assertThat(client.get(newest + ".example", "/" + newest).status()).isEqualTo(403);
        }
    }

    /// What is held when the collector was there, and the next change has found what it left.
    private Map<String, Long> held(int port, int backend) throws Exception {
        LiveObjects.histogram();
        change(port, backend);
        return LiveObjects.histogram();
    }

    private static Map<String, Long> grown(Map<String, Long> from, Map<String, Long> to) {
        Map<String, Long> grown = new TreeMap<>(to);
        grown.replaceAll((type, count) -> count - from.getOrDefault(type, 0L));
        grown.values().removeIf(count -> count <= SLACK);
        return grown;
    }

    @Test
    void hundredThousandChanges_leaveNothingBehind() throws Exception {
        int port = Loopback.freePort();
        HttpServer backend = Loopback.answering();
        try (workers;
                upstreams) {
            now =
                    Resources.of(
                            LiveObjects.parse(
                                    Manifests.gateway(port)
                                            .replace(
                                                    "protocol: HTTP}",
                                                    "protocol: HTTP, allowedRoutes: {namespaces:"
                                                            + " {from: All}}}")));
            loop.start();
            int to = backend.getAddress().getPort();
            while (changes < FIRST) {
                change(port, to);
            }
            change(port, to);
            Map<String, Long> first = held(port, to);
            int series = meters.getMeters().size();
            while (changes < CHANGES) {
                change(port, to);
            }
            // Requests that are under way still reach a backend for some seconds after it is gone.
            // No assertion until then: the text of one that fails loads formats and jars.
            Map<String, Long> grown = grown(first, held(port, to));
            for (int look = 0; look < LOOKS && !grown.isEmpty(); look++) {
                Thread.sleep(BETWEEN_LOOKS);
                grown = grown(first, held(port, to));
            }
            assertThat(grown).isEmpty();
            assertThat(meters.getMeters()).hasSizeLessThanOrEqualTo(series);
        } finally {
            listeners.close();
            backend.stop(0);
        }
        assertThat(loop.state().failure()).isNull();
        assertThat(meters.find("sluice.unexpected.errors").counters()).isEmpty();
    }
}
