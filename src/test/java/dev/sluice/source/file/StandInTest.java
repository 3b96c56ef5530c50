package dev.sluice.source.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.app.PolicyConfiguration;
import dev.sluice.finding.Finding;
import dev.sluice.finding.Severity;
import dev.sluice.ir.AttachedPolicy;
import dev.sluice.ir.AttachedRule;
import dev.sluice.ir.Backend;
import dev.sluice.ir.HostPattern;
import dev.sluice.ir.HttpListener;
import dev.sluice.ir.HttpMatch;
import dev.sluice.ir.PolicySection;
import dev.sluice.observe.UnexpectedErrors;
import dev.sluice.resource.Resources;
import dev.sluice.translate.Translation;
import dev.sluice.translate.Translator;
import dev.sluice.translate.context.TranslationSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Objects that are refused and have no good version: what they may have closed is closed, and
/// nothing of others.
class StandInTest {

    private static final Path BASE = Path.of("src/test/resources/mistakes/base.yaml");

    @TempDir private Path folder;

    @BeforeEach
    void base() throws IOException {
        Files.copy(BASE, folder.resolve("base.yaml"));
    }

    private static String object(String kind, String spec) {
        String group =
                kind.endsWith("Policy")
                        ? "policy.sluice.dev/v1alpha1"
                        : "gateway.networking.k8s.io/v1";
        if (kind.startsWith("BackendTLS")) {
            group = "gateway.networking.k8s.io/v1";
        }
        return "apiVersion: %s\nkind: %s\nmetadata: {name: bad}\nspec: %s\n"
                .formatted(group, kind, spec);
    }

    private Translation translation(boolean strict, String... texts) throws IOException {
        for (int i = 0; i < texts.length; i++) {
            Files.writeString(folder.resolve("bad" + i + ".yaml"), texts[i]);
        }
        List<Resources> snapshots = new ArrayList<>();
        UnexpectedErrors errors = new UnexpectedErrors(new SimpleMeterRegistry());
        try (FileSource source =
                new FileSource(errors, new FileRules(strict, false), List.of(folder))) {
            source.start(snapshots::add);
        }
        return new Translator(TranslationSettings.DEFAULT, PolicyConfiguration.KINDS)
                .translate(snapshots.getFirst());
    }

    /// The hostnames and paths of the route `bad` that answer 500; those that serve begin with `+`.
    private static String taken(Translation translation) {
        return translation.configuration().httpListeners().stream()
                .flatMap(listener -> listener.rules().stream())
                .filter(each -> each.rule().origin().name().equals("bad"))
                .map(StandInTest::taken)
                .collect(Collectors.joining(" "));
    }

    private static String taken(AttachedRule rule) {
        boolean closed =
                !rule.rule().backends().isEmpty()
                        && rule.rule().backends().stream()
                                .allMatch(each ->
                                        each instanceof Backend.Invalid invalid
                                                && invalid.status() == 500);
        String hosts =
                rule.hostnames().stream().map(HostPattern::value).collect(Collectors.joining(","));
        String paths =
                rule.rule().matches().stream()
                        .map(StandInTest::match)
                        .collect(Collectors.joining("|"));
        return (closed ? "" : "+") + hosts + paths;
    }

    private static String match(HttpMatch match) {
        return match.path().value()
                + match.headers().stream()
                        .map(each -> "?" + each.name())
                        .collect(Collectors.joining());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '>',
            value = {
                "{parentRefs: [{name: good}], hostname: [a.example]} > a.example/",
                "{parentRefs: [{name: good}], hostname: a.example} > a.example/",
                "{parentRef: {name: good}, hostnames: [a.example]} > a.example/",
                "{parentRefs: [{name: good}], hostnames: [A.Example, 'b/c', d.example]} > a.example,d.example/",
                "{parentRefs: [{name: good}], hostnames: ['b/c']} > ''",
                "{parentRefs: [{name: good}, 5], hostnames: [a.example], x: 1} > a.example/",
                "{hostnames: [a.example], x: 1} > ''",
                "{parentRefs: [{name: good}], x: 1} > /",
                "{parentRefs: [{name: good}], rules: [{match: [{path: {value: /a}}]}]} > /a",
                "{parentRefs: [{name: good}], rule: [{matches: [{path: {value: /a}}]}]} > /a",
                "{parentRefs: [{name: good}], rules: [{matches: [{path: {valeu: /a}}]}]} > /a",
                "{parentRefs: [{name: good}], rules: [{matches: [{path: {value: a}}]}]} > ''",
                "{parentRefs: [{name: good}], rules: [{matches: [{pfad: /a}, {path: {value: /b}}]}]} > /b",
                "{parentRefs: [{name: good}], hostnames: [a.example], rules: [{matches: [{pfad: /a}]}]} > a.example/",
                "{parentRefs: [{name: good}], hostnames: [a.example], rules: [5]} > a.example/",
                "{parentRefs: [{name: good}], rules: [{matches: [{path: {value: /a}, headers: [{name: b, value: 5}, {name: c, value: d}]}]}]} > /a?c",
                "{parentRefs: [{name: good}], rules: [{matches: [{path: {value: /a}}]}, {x: 1, matches: [{path: {value: /b}}]}]} > /a /b",
                "{parentRefs: [{name: good}], rules: [{backends: [{name: web}]}]} > /",
            })
    void route_keepsWhatCanBeRead_closed(String spec, String taken) throws IOException {
        Translation translation = translation(true, object("HTTPRoute", spec));
        assertThat(taken(translation)).isEqualTo(taken);
    }

    @Test
    void routeOfGrpc_keepsItsMethods_closed() throws IOException {
        String spec =
                "{parentRefs: [{name: good}], x: 1, rules: [{matches: [{method: {service: a.B}}, {methods: {}}]}]}";
        assertThat(taken(translation(true, object("GRPCRoute", spec)))).isEqualTo("/a.B");
    }

    @Test
    void versionThatIsNotServed_isReadAsOneThatIs() throws IOException {
        String route = object("HTTPRoute", "{parentRefs: [{name: good}], hostnames: [a.example]}");
        assertThat(taken(translation(true, route.replace("/v1\n", "/v9\n"))))
                .isEqualTo("a.example/");
    }

    @Test
    void unknownField_isLeftOutWhereThatIsSet() throws IOException {
        String spec =
                "{parentRefs: [{name: good}], hostnames: [a.example], x: 1, rules: [{backendRefs: [{name: web, port: 80}]}]}";
        assertThat(taken(translation(false, object("HTTPRoute", spec)))).isEqualTo("+a.example/");
    }

    @Test
    void standIn_isReported_andTheRouteNotAccepted() throws IOException {
        Translation translation =
                translation(
                        true,
                        object("HTTPRoute", "{parentRefs: [{name: good}], hostname: [a.example]}"));
        assertThat(translation.findings())
                .extracting(Finding::toString)
                .singleElement()
                .asString()
                .startsWith(
                        "SL0012 HTTPRoute default/bad: is refused (spec.hostname: unknown field");
        assertThat(translation.findings().getFirst().severity()).isEqualTo(Severity.ERROR);
        assertThat(translation.statuses().byObject().toString())
                .contains("is refused (spec.hostname: unknown field");
    }

    @Test
    void goodVersionInAnotherFile_isServed() throws IOException {
        String good =
                object(
                        "HTTPRoute",
                        "{parentRefs: [{name: good}], hostnames: [a.example], rules: [{backendRefs: [{name: web, port: 80}]}]}");
        assertThat(taken(translation(true, good.replace("hostnames", "hostname"), good)))
                .isEqualTo("+a.example/");
    }

    private static boolean isClosed(Translation translation) {
        return translation
                .configuration()
                .rules()
                .filter(rule -> rule.origin().name().equals("good"))
                .anyMatch(rule ->
                        rule.policies().stream()
                                .filter(each -> each.mode() == AttachedPolicy.Mode.ENFORCE)
                                .anyMatch(each -> each.value() instanceof PolicySection.Unusable));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '>',
            value = {
                "{targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: good}], jwtt: {}} > true",
                "{targetRef: {group: gateway.networking.k8s.io, kind: HTTPRoute, name: good}, jwt: {}} > true",
                "{targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: good, sectionName: all}], jwtt: {}} > true",
                "{targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: good}], jwt: []} > true",
                "{targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: other}], jwtt: {}, mode: Off} > false",
                "{targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: other}], jwt: {}, basic: {}} > true",
            })
    void authPolicy_closesItsTargets(String spec, boolean closed) throws IOException {
        assertThat(isClosed(translation(true, object("AuthPolicy", spec)))).isEqualTo(closed);
    }

    @Test
    void backendTlsPolicy_letsNothingGoWithoutEncryption() throws IOException {
        String spec = "{targetRefs: [{group: '', kind: Service, name: web}], validations: {}}";
        Translation translation = translation(true, object("BackendTLSPolicy", spec));
        assertThat(translation.configuration().rules())
                .filteredOn(rule -> rule.origin().name().equals("good"))
                .singleElement()
                .satisfies(rule ->
                        assertThat(rule.backends())
                                .singleElement()
                                .isInstanceOf(Backend.Invalid.class));
    }

    private static String gateway(String listeners, String more) {
        return object(
                "Gateway",
                "{gatewayClassName: sluice, listeners: [" + listeners + "]" + more + "}");
    }

    private static List<String> listeners(Translation translation) {
        return translation.configuration().httpListeners().stream()
                .map(HttpListener::name)
                .filter(name -> name.startsWith("default/bad/"))
                .toList();
    }

    @Test
    void gateway_servesItsGoodListeners_andNoOtherTheHostsOfABadOne() throws IOException {
        String text =
                gateway(
                                "{name: a, port: 81, protocol: HTTP}, {name: b, port: 81, protocol: HTTP, hostname: b.example, x: 1}",
                                "")
                        + "---\n"
                        + object(
                                "HTTPRoute",
                                "{parentRefs: [{name: bad}], rules: [{backendRefs: [{name: web, port: 80}]}]}");
        Translation translation = translation(true, text);
        assertThat(listeners(translation)).containsExactly("default/bad/a", "default/bad/b");
        assertThat(taken(translation)).isEqualTo("+/");
        assertThat(translation.configuration().httpListeners())
                .filteredOn(each -> each.name().equals("default/bad/b"))
                .singleElement()
                .satisfies(each -> assertThat(each.rules()).isEmpty());
    }

    @Test
    void gateway_servesNothing_whereSomethingBesideItsListenersIsWrong() throws IOException {
        String text = gateway("{name: a, port: 81, protocol: HTTP}", ", allowedListners: {}");
        assertThat(listeners(translation(true, text))).isEmpty();
    }
}
