package dev.sluice.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.engine.Observer;
import dev.sluice.engine.RulePolicies;
import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.fixture.wire.RawBackend;
import dev.sluice.fixture.wire.RawClient;
import dev.sluice.ir.AttachedPolicy;
import dev.sluice.ir.AttachedPolicy.Mode;
import dev.sluice.ir.PolicySection;
import dev.sluice.observe.AccessField;
import dev.sluice.observe.AccessSink;
import dev.sluice.policy.telemetry.Labels;
import dev.sluice.policy.telemetry.Logging;
import dev.sluice.policy.telemetry.TelemetryMaker;
import dev.sluice.policy.telemetry.Tracing;
import dev.sluice.policy.telemetry.Tracing.Attribute;
import dev.sluice.server.ServerSettings;
import dev.sluice.telemetry.AccessFormat;
import dev.sluice.telemetry.AccessLog;
import dev.sluice.telemetry.AccessLogObserver;
import dev.sluice.telemetry.RequestSpans;
import dev.sluice.telemetry.RuleSampler;
import dev.sluice.upstream.UpstreamSettings;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// TelemetryPolicy over sockets.
class TelemetryTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    private static AttachedPolicy section(String name, Mode mode, PolicySection value) {
        return new AttachedPolicy(
                "TelemetryPolicy", name, mode, "test/all", "Gateway test/gateway", value);
    }

    private TestGateway gateway(RawBackend backend, Observer observer, AttachedPolicy... policies) {
        RulePolicies known =
                new RulePolicies(Map.of("TelemetryPolicy", new TelemetryMaker(meters)));
        return new TestGateway(
                        ServerSettings.DEFAULT,
                        UpstreamSettings.DEFAULT,
                        _ -> null,
                        known,
                        observer)
                .backend("one", backend.endpoint())
                .rule("one", policies)
                .publish();
    }

    private static String get(TestGateway gateway, String target, String... fields)
            throws Exception {
        try (RawClient client = gateway.client()) {
            String lines = String.join("", Stream.of(fields).map(field -> field + "\r\n").toList());
            return client.send("GET " + target + " HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n")
                    .read()
                    .body();
        }
    }

    /// The lines of three requests, of which the second is for `/b`. Each connection may have an
    /// event loop of its own, so that lines come in any order.
    private List<String> lines(AttachedPolicy... policies) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        AccessLog.AccessLogSettings accessLogSettings =
                new AccessLog.AccessLogSettings(
                        AccessFormat.TEXT, List.of(AccessField.METHOD, AccessField.TARGET), 100);
        try (RawBackend backend = RawBackend.echo();
                AccessLog log = new AccessLog(accessLogSettings, out);
                TestGateway gateway =
                        gateway(
                                backend,
                                new AccessLogObserver(AccessSink.STDOUT, log::add),
                                policies)) {
            for (String target : List.of("/a", "/b", "/c")) {
                get(gateway, target);
            }
        }
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void accessLog_hasTheLinesAndFieldsOfThePolicy() throws Exception {
        Logging section =
                new Logging(
                        "request.path == '/b' && response.status == 200 && response.millis >= 0",
                        List.of(AccessField.STATUS, AccessField.TARGET),
                        Set.of(AccessSink.STDOUT, AccessSink.OTLP));
        assertThat(lines(section("accessLog", Mode.ENFORCE, section))).containsExactly("200 /b");
        assertThat(lines(section("accessLog", Mode.SHADOW, section)))
                .containsExactlyInAnyOrder("GET /a", "GET /b", "GET /c");
    }

    @Test
    void accessLogByOtlp_hasNoLines() throws Exception {
        Logging section = new Logging(null, null, Set.of(AccessSink.OTLP));
        assertThat(lines(section("accessLog", Mode.ENFORCE, section))).isEmpty();
    }

    @Test
    void conditionWithoutResult_keepsNoLineAway() throws Exception {
        Logging section =
                new Logging("identity.claims.tenant == 'blue'", null, Set.of(AccessSink.STDOUT));
        assertThat(lines(section("accessLog", Mode.ENFORCE, section)))
                .containsExactlyInAnyOrder("GET /a", "GET /b", "GET /c");
    }

    private double labelled(String value) {
        Counter counter =
                meters.find("sluice.requests.labelled")
                        .tags("policy", "TelemetryPolicy test/all")
                        .tags("label", "tenant", "value", value)
                        .counter();
        return counter == null ? -1 : counter.count();
    }

    @Test
    void labels_countListedValuesAndOneForAllOthers() throws Exception {
        Labels labels =
                new Labels(List.of(new Labels.Label("tenant", "x-tenant", List.of("blue", "red"))));
        try (RawBackend backend = RawBackend.echo();
                TestGateway gateway =
                        gateway(backend, Observer.NONE, section("metrics", Mode.ENFORCE, labels))) {
            get(gateway, "/", "X-Tenant: blue");
            get(gateway, "/", "X-Tenant: blue");
            for (int i = 0; i < 5; i++) {
                get(gateway, "/", "X-Tenant: made-up-" + i);
            }
            get(gateway, "/");
            Awaitility.await().untilAsserted(() -> assertThat(labelled("none")).isEqualTo(1));
        }
        assertThat(labelled("blue")).isEqualTo(2);
        assertThat(labelled("red")).isZero();
        assertThat(labelled("other")).isEqualTo(5);
        assertThat(meters.find("sluice.requests.labelled").counters()).hasSize(4);
    }

    /// Keeps what is exported.
    private static final class Spans implements SpanExporter {
        final List<SpanData> all = new CopyOnWriteArrayList<>();

        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
            all.addAll(spans);
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }

    private record Traced(List<SpanData> spans, String body) {}

    /// One request, where the settings would export nothing.
    private Traced traced(String flags, AttachedPolicy... policies) throws Exception {
        Spans exported = new Spans();
        try (SdkTracerProvider provider =
                        SdkTracerProvider.builder()
                                .setSampler(new RuleSampler(Sampler.alwaysOff()))
                                .addSpanProcessor(SimpleSpanProcessor.create(exported))
                                .build();
                RawBackend backend = RawBackend.echo();
                TestGateway gateway =
                        gateway(
                                backend,
                                new dev.sluice.telemetry.TracingObserver(
                                        new RequestSpans(provider.get("test"))),
                                policies)) {
            String parent = "traceparent: 00-" + TRACE + "-00f067aa0ba902b7-" + flags;
            String body = get(gateway, "/", parent, "X-Tenant: " + "blue".repeat(100));
            gateway.drain();
            provider.forceFlush();
            return new Traced(exported.all, body);
        }
    }

    private static AttachedPolicy tracing(int numerator, boolean parentBased) {
        List<Attribute> attributes =
                List.of(
                        new Attribute.Header("tenant", "x-tenant"),
                        new Attribute.Header("absent", "x-absent"),
                        new Attribute.Literal("region", "eu-west"));
        return section("tracing", Mode.ENFORCE, new Tracing(numerator, 1, parentBased, attributes));
    }

    @Test
    void sampling_isOfTheRule() throws Exception {
        assertThat(traced("01").spans()).isEmpty();
        Traced all = traced("00", tracing(1, false));
        assertThat(all.spans()).hasSize(1);
        assertThat(all.body()).containsPattern("(?i)traceparent: 00-" + TRACE + "-[0-9a-f]{16}-01");
        assertThat(traced("01", tracing(0, false)).spans()).isEmpty();
    }

    @Test
    void parentThatSays_isFollowed() throws Exception {
        assertThat(traced("00", tracing(1, true)).spans()).isEmpty();
        assertThat(traced("01", tracing(0, true)).spans()).hasSize(1);
    }

    @Test
    void attributes_areOfFieldsAndLiterals() throws Exception {
        SpanData span = traced("00", tracing(1, false)).spans().getFirst();
        Map<AttributeKey<?>, Object> attributes = span.getAttributes().asMap();
        assertThat(attributes)
                .containsEntry(AttributeKey.stringKey("tenant"), "blue".repeat(64))
                .containsEntry(AttributeKey.stringKey("region"), "eu-west")
                .doesNotContainKey(AttributeKey.stringKey("absent"));
    }
}
