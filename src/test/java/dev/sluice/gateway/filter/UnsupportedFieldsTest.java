package dev.sluice.gateway.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.app.PolicyConfiguration;
import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.fixture.wire.RawBackend;
import dev.sluice.fixture.wire.RawClient;
import dev.sluice.ir.Configuration;
import dev.sluice.ir.Port;
import dev.sluice.observe.UnexpectedErrors;
import dev.sluice.resource.Resources;
import dev.sluice.source.file.FileRules;
import dev.sluice.source.file.FileSource;
import dev.sluice.translate.Translator;
import dev.sluice.translate.context.TranslationSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Fields in files that restrict something, and that we do not know: nobody gets in without them,
/// whether objects with unknown fields are refused or not.
class UnsupportedFieldsTest {

    private static final String OBJECTS =
            """
            apiVersion: gateway.networking.k8s.io/v1
            kind: GatewayClass
            metadata: {name: sluice}
            spec: {controllerName: sluice.dev/gateway-controller}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: backend, namespace: test, annotations: {sluice.dev/endpoints: "127.0.0.1:PORT"}}
            spec: {ports: [{port: 80}]}
            ---
            apiVersion: gateway.networking.k8s.io/v1
            kind: Gateway
            metadata: {name: gateway, namespace: test}
            spec:
              gatewayClassName: sluice
              listeners:
              - {name: open, port: 80, protocol: HTTP}
              - name: checked
                port: 80
                protocol: HTTP
                hostname: checked.example
                filters:
                  requests:
                  - type: ExternalAuth
                    externalAuth: {protocol: HTTP, backendRef: {name: auth, port: 80}}
            ---
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata: {name: all, namespace: test}
            spec:
              parentRefs: [{name: gateway}]
              rules:
              - matches: [{path: {value: /closed}}]
                authorization: {allow: [admins]}
                backendRefs: [{name: backend, port: 80}]
              - backendRefs: [{name: backend, port: 80}]
            """;

    @TempDir private Path folder;

    private Configuration configuration(RawBackend backend, boolean strict) throws Exception {
        Files.writeString(
                folder.resolve("a.yaml"), OBJECTS.replace("PORT", "" + backend.endpoint().port()));
        List<Resources> snapshots = new ArrayList<>();
        try (FileSource source =
                new FileSource(
                        new UnexpectedErrors(new SimpleMeterRegistry()),
                        new FileRules(strict, false),
                        List.of(folder))) {
            source.start(snapshots::add);
        }
        Configuration configuration =
                new Translator(TranslationSettings.DEFAULT, PolicyConfiguration.KINDS)
                        .translate(snapshots.getFirst())
                        .configuration();
        return new Configuration(
                configuration.ports().stream().map(UnsupportedFieldsTest::free).toList(),
                configuration.upstreams());
    }

    private static Port free(Port port) {
        return new Port(port.id(), port.gateway(), "127.0.0.1", 0, port.number(), port.listeners());
    }

    private static int status(TestGateway gateway, String host, String target) throws Exception {
        try (RawClient client = gateway.client()) {
            return client.get(host, target).status();
        }
    }

    @Test
    void listenerWithFilters_servesNothing_andNoOtherListenerItsHosts() throws Exception {
        try (RawBackend backend = RawBackend.saying("in");
                TestGateway gateway = new TestGateway().publish(configuration(backend, false))) {
            assertThat(status(gateway, "checked.example", "/")).isEqualTo(404);
            assertThat(status(gateway, "open.example", "/")).isEqualTo(200);
        }
    }

    @Test
    void ruleWithAFieldThatNobodyKnows_answers500_andTheOthersServe() throws Exception {
        try (RawBackend backend = RawBackend.saying("in");
                TestGateway gateway = new TestGateway().publish(configuration(backend, false))) {
            assertThat(status(gateway, "open.example", "/closed")).isEqualTo(500);
            assertThat(status(gateway, "open.example", "/other")).isEqualTo(200);
        }
    }

    @Test
    void refusedRoute_answers500_andNoRequestGoesToAnother() throws Exception {
        try (RawBackend backend = RawBackend.saying("in");
                TestGateway gateway = new TestGateway().publish(configuration(backend, true))) {
            assertThat(status(gateway, "checked.example", "/")).isEqualTo(404);
            assertThat(status(gateway, "open.example", "/closed")).isEqualTo(500);
            assertThat(status(gateway, "open.example", "/other")).isEqualTo(500);
        }
    }
}
