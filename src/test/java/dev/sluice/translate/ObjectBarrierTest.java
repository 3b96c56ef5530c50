package dev.sluice.translate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.app.PolicyConfiguration;
import dev.sluice.ir.HttpRule;
import dev.sluice.ir.PolicySection;
import dev.sluice.resource.Condition;
import dev.sluice.resource.Gateway;
import dev.sluice.resource.ObjectRef;
import dev.sluice.resource.Policy;
import dev.sluice.resource.Resources;
import dev.sluice.resource.Route;
import dev.sluice.resource.Status;
import dev.sluice.translate.context.TranslationSettings;
import dev.sluice.translate.policy.PolicyKind;
import dev.sluice.translate.policy.PolicyReferences;
import dev.sluice.translate.status.Result;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A fault of ours stays with the object at which it comes up. The objects here lack what their
/// schemas require, so that translation runs into a null.
class ObjectBarrierTest {

    private static final String BASE =
            """
            apiVersion: gateway.networking.k8s.io/v1
            kind: GatewayClass
            metadata: {name: sluice}
            spec: {controllerName: sluice.dev/gateway-controller}
            ---
            apiVersion: gateway.networking.k8s.io/v1
            kind: Gateway
            metadata: {name: gw}
            spec:
              gatewayClassName: sluice
              allowedListeners: {namespaces: {from: Same}}
              listeners: [{name: http, port: 80, protocol: HTTP}]
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: cart, annotations: {sluice.dev/endpoints: '127.0.0.1:8080'}}
            spec: {ports: [{port: 80}]}
            ---
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata: {name: good}
            spec:
              parentRefs: [{name: gw}]
              rules: [{backendRefs: [{name: cart, port: 80}]}]
            ---
            """;

    private static final Route.ParentRef EXPOSE_AT =
            new Route.ParentRef(Gateway.GROUP, "Gateway", "default", "gw", null, null);

    private final Map<ObjectRef, Throwable> errors = new TreeMap<>();

    private Translation translate(List<PolicyKind> kinds, String more) {
        TranslationSettings translationSettings =
                new TranslationSettings(
                        TranslationSettings.CONTROLLER, TranslationSettings.Sockets.OWN, EXPOSE_AT);
        return new Translator(translationSettings, kinds, errors::put)
                .translate(Resources.of(Golden.parse(BASE + more).objects()));
    }

    private static List<HttpRule> rules(Translation translation) {
        return translation.configuration().ports().stream()
                .flatMap(port -> port.httpListeners().stream())
                .flatMap(listener -> listener.rules().stream())
                .map(attached -> attached.rule())
                .toList();
    }

    private static List<Condition> conditions(Translation translation, ObjectRef object) {
        return switch (translation.statuses().byObject().get(object)) {
            case Status.OfGatewayClass one -> one.conditions();
            case Status.OfGateway gateway -> gateway.conditions();
            case Status.OfListenerSet set -> set.conditions();
            case Status.OfRoute(var parents) -> parents.getFirst().conditions();
            case Status.OfPolicy(var ancestors) -> ancestors.getFirst().conditions();
            case null -> List.of();
        };
    }

    private static ObjectRef gatewayApi(String kind, String name) {
        String namespace = kind.equals("GatewayClass") ? "" : "default";
        return new ObjectRef(Gateway.GROUP, kind, namespace, name);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    GatewayClass | {controllerName: sluice.dev/gateway-controller, parametersRef: {}}
                    Gateway      | {gatewayClassName: sluice, listeners: [{name: a, port: 81}]}
                    ListenerSet  | {parentRef: {name: gw, group: gateway.networking.k8s.io, kind: Gateway}, listeners: [{name: a, port: 81}]}
                    HTTPRoute    | {parentRefs: [{name: gw}], rules: [{filters: [{}]}]}
                    GRPCRoute    | {parentRefs: [{name: gw}], rules: [{filters: [{}]}]}
                    """)
    void objectThatCannotBeTranslated_isToldSo_andTheOthersAreServed(String kind, String spec) {
        Translation translation =
                translate(
                        PolicyConfiguration.KINDS,
                        """
                        apiVersion: gateway.networking.k8s.io/v1
                        kind: %s
                        metadata: {name: bad, generation: 3}
                        spec: %s
                        """
                                .formatted(kind, spec));
        ObjectRef bad = gatewayApi(kind, "bad");
        assertThat(errors).containsOnlyKeys(bad);
        assertThat(conditions(translation, bad))
                .isNotEmpty()
                .allSatisfy(condition -> {
                    assertThat(condition.status()).isFalse();
                    assertThat(condition.reason()).isEqualTo("InternalError");
                    assertThat(condition.message()).startsWith("internal error: ");
                    assertThat(condition.observedGeneration()).isEqualTo(3);
                });
        assertThat(rules(translation)).hasSize(1);
        for (ObjectRef good :
                List.of(
                        gatewayApi("GatewayClass", "sluice"),
                        gatewayApi("Gateway", "gw"),
                        gatewayApi("HTTPRoute", "good"))) {
            assertThat(conditions(translation, good)).isNotEmpty().allMatch(Condition::status);
        }
        assertThat(translation.rejected()).isEqualTo(1);
    }

    @Test
    void backendTlsPolicyThatCannotBeJudged_letsNothingPassInClearText() {
        Translation translation =
                translate(
                        PolicyConfiguration.KINDS,
                        """
                        apiVersion: gateway.networking.k8s.io/v1
                        kind: BackendTLSPolicy
                        metadata: {name: bad}
                        spec: {targetRefs: [{group: '', kind: Service, name: cart}]}
                        """);
        ObjectRef bad = gatewayApi("BackendTLSPolicy", "bad");
        assertThat(errors).containsOnlyKeys(bad);
        assertThat(conditions(translation, bad))
                .extracting(Condition::reason)
                .contains("InternalError");
        assertThat(rules(translation).getFirst().backends().toString()).contains("internal error");
    }

    @Test
    void policyThatCannotBeDecoded_isClosed_whereItsKindIs() {
        Translation translation =
                translate(
                        PolicyConfiguration.KINDS.stream().map(ObjectBarrierTest::broken).toList(),
                        """
                        apiVersion: policy.sluice.dev/v1alpha1
                        kind: AuthPolicy
                        metadata: {name: bad}
                        spec:
                          targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: good}]
                          apiKey: {}
                        """);
        ObjectRef bad = new ObjectRef(Policy.GROUP, "AuthPolicy", "default", "bad");
        assertThat(errors).containsOnlyKeys(bad);
        assertThat(conditions(translation, bad))
                .extracting(Condition::reason)
                .containsExactly("InternalError");
        assertThat(rules(translation).getFirst().policies())
                .singleElement()
                .satisfies(policy ->
                        assertThat(policy.value()).isInstanceOf(PolicySection.Unusable.class));
    }

    private static PolicyKind broken(PolicyKind kind) {
        return new PolicyKind() {
            @Override
            public Class<? extends Policy> type() {
                return kind.type();
            }

            @Override
            public Set<String> targets() {
                return kind.targets();
            }

            @Override
            public boolean failsClosed() {
                return kind.failsClosed();
            }

            @Override
            public Result<PolicySection> decode(
                    String section, Object written, PolicyReferences references) {
                throw new LinkageError("a class that is missing");
            }
        };
    }

    /// On a stack on which a pattern that recurses once for each segment has no chance.
    @Test
    void exposeOfManySegments_isRefused_andOverflowsNothing() throws InterruptedException {
        for (String value :
                List.of(
                        "a.example.com" + "/a".repeat(3_000),
                        "a".repeat(100) + ".a".repeat(100_000),
                        "a.example.com/" + "a".repeat(200_000))) {
            Thread thread =
                    new Thread(
                            null,
                            () -> {
                                Translation translation =
                                        translate(
                                                PolicyConfiguration.KINDS,
                                                """
                                                apiVersion: v1
                                                kind: Service
                                                metadata: {name: bad, annotations: {sluice.dev/expose: %s}}
                                                spec: {ports: [{port: 80}]}
                                                """
                                                        .formatted(value));
                                ObjectRef bad = new ObjectRef("", "Service", "default", "bad");
                                assertThat(conditions(translation, bad))
                                        .extracting(Condition::reason)
                                        .containsExactly("UnsupportedValue");
                            },
                            "small",
                            256 * 1024);
            Throwable[] thrown = {null};
            thread.setUncaughtExceptionHandler((_, e) -> thrown[0] = e);
            thread.start();
            thread.join();
            assertThat(thrown[0]).isNull();
            assertThat(errors).isEmpty();
        }
    }
}
