package dev.sluice.translate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.app.PolicyConfiguration;
import dev.sluice.fixture.Manifests;
import dev.sluice.ir.Configuration;
import dev.sluice.ir.HttpListener;
import dev.sluice.ir.HttpRule;
import dev.sluice.ir.PolicySection;
import dev.sluice.resource.Gateway;
import dev.sluice.resource.Kinds;
import dev.sluice.resource.ObjectRef;
import dev.sluice.resource.Policy;
import dev.sluice.resource.RateLimitPolicy;
import dev.sluice.resource.Resource;
import dev.sluice.resource.Resources;
import dev.sluice.resource.Route;
import dev.sluice.translate.context.TranslationSettings;
import dev.sluice.translate.policy.PolicyKind;
import dev.sluice.translate.policy.PolicyReferences;
import dev.sluice.translate.status.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What is remembered never changes what comes out.
class MemoTest {

    private static final Path FOLDER = Path.of("src/test/resources/translation");
    private static final int STEPS = 400;
    private static final Route.ParentRef EXPOSE_AT =
            new Route.ParentRef(Gateway.GROUP, "Gateway", "default", "gw", null, null);

    static List<Path> folders() throws IOException {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".in.yaml"))
                    .map(Path::getParent)
                    .distinct()
                    .sorted()
                    .toList();
        }
    }

    /// Each object of a folder's cases, as each of them has it, and once more as an equal copy.
    private static Map<ObjectRef, List<Resource>> variants(Path folder) throws IOException {
        Map<ObjectRef, List<Resource>> variants = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(".in.yaml") || name.equals("base.yaml")) {
                    for (int copy = 0; copy < 2; copy++) {
                        for (Resource one : Golden.parse(Files.readString(file)).objects()) {
                            variants.computeIfAbsent(Kinds.ref(one), _ -> new ArrayList<>())
                                    .add(one);
                        }
                    }
                }
            }
        }
        return variants;
    }

    /// A random walk through what users of a cluster may do to these objects.
    @ParameterizedTest(name = "{0}")
    @MethodSource("folders")
    void walk_endsAsTranslationFromScratch(Path folder) throws IOException {
        Map<ObjectRef, List<Resource>> variants = variants(folder);
        List<ObjectRef> refs = List.copyOf(variants.keySet());
        for (TranslationSettings.Sockets sockets : TranslationSettings.Sockets.values()) {
            Random random = new Random(7);
            Translator translator =
                    new Translator(
                            new TranslationSettings(
                                    TranslationSettings.CONTROLLER, sockets, EXPOSE_AT),
                            PolicyConfiguration.KINDS);
            Memo memo = new Memo();
            Map<ObjectRef, Resource> present = new HashMap<>();
            variants.forEach((ref, all) -> present.put(ref, all.getFirst()));
            Resources before = Resources.EMPTY;
            for (int step = 0; step < STEPS; step++) {
                for (int i = random.nextInt(3); i >= 0; i--) {
                    ObjectRef ref = refs.get(random.nextInt(refs.size()));
                    List<Resource> all = variants.getOrDefault(ref, List.of());
                    if (random.nextInt(5) == 0) {
                        present.remove(ref);
                    } else {
                        present.put(ref, all.get(random.nextInt(all.size())));
                    }
                }
                Resources now = Resources.after(before, present.values());
                assertThat(translator.translate(now, Map.of(), memo))
                        .as("step %d, %s", step, sockets)
                        .isEqualTo(translator.translate(Resources.of(present.values())));
                before = now;
            }
        }
    }

    private static final String TWO =
            """
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata: {name: two}
            spec:
              parentRefs: [{name: gateway}]
              rules:
              - matches: [{path: {value: /a}}]
                backendRefs: [{name: backend, port: 80, weight: WEIGHT}]
              - matches: [{path: {value: /b}}]
                backendRefs: [{name: backend, port: 80}]
            """;

    @Test
    void rules_thatDidNotChangeStayTheSameInstance() {
        Translator translator =
                new Translator(TranslationSettings.DEFAULT, PolicyConfiguration.KINDS);
        Memo memo = new Memo();
        List<HttpRule> before = rules(translator, memo, "1");
        List<HttpRule> after = rules(translator, memo, "2"); // all objects are other instances

        assertThat(before).hasSize(3);
        assertThat(after.get(0)).isSameAs(before.get(0));
        assertThat(after.get(1)).isNotEqualTo(before.get(1));
        assertThat(after.get(2)).isSameAs(before.get(2));
    }

    @Test
    void upstreams_thatDidNotChangeStayTheSame() {
        Translator translator =
                new Translator(TranslationSettings.DEFAULT, PolicyConfiguration.KINDS);
        Memo memo = new Memo();
        Resources first =
                Resources.of(
                        Golden.parse(
                                        Manifests.gateway(80, 9000)
                                                + Manifests.route("one")
                                                + TWO.replace("WEIGHT", "1"))
                                .objects());
        Configuration before = translator.translate(first, Map.of(), memo).configuration();

        Resources changed = first.with(Golden.parse(TWO.replace("WEIGHT", "2")).objects());
        Configuration after = translator.translate(changed, Map.of(), memo).configuration();
        assertThat(after).isNotEqualTo(before);
        assertThat(after.upstreams()).isSameAs(before.upstreams()).isNotEmpty();

        Resources without =
                changed.with(
                        List.of(), List.of(new ObjectRef("", "Service", "default", "backend")));
        assertThat(translator.translate(without, Map.of(), memo).configuration().upstreams())
                .isEmpty();
    }

    private static List<HttpRule> rules(Translator translator, Memo memo, String weight) {
        Resources objects =
                Resources.of(
                        Golden.parse(
                                        Manifests.gateway(80, 9000) + Manifests.route("one"),
                                        TWO.replace("WEIGHT", weight))
                                .objects());
        return translator
                .translate(objects, Map.of(), memo)
                .configuration()
                .ports()
                .getFirst()
                .listeners()
                .stream()
                .flatMap(listener -> ((HttpListener) listener).rules().stream())
                .map(attached -> attached.rule())
                .toList();
    }

    private static final String LIMIT =
            """
            apiVersion: policy.sluice.dev/v1alpha1
            kind: RateLimitPolicy
            metadata: {name: limit}
            spec:
              targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: gateway}]
              limits: [{name: all, rate: {requests: 1, per: 1s}}]
            """;

    /// Counts what is decoded.
    private static final class Counting implements PolicyKind {
        private final PolicyKind kind =
                PolicyConfiguration.KINDS.stream()
                        .filter(each -> each.type() == RateLimitPolicy.class)
                        .findFirst()
                        .orElseThrow();
        private int decoded;

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
            decoded++;
            return kind.decode(section, written, references);
        }
    }

    @Test
    void policies_areDecodedAgainOnlyWhenTheyOrWhatTheyMayReferToChanges() {
        Counting counting = new Counting();
        Translator translator = new Translator(TranslationSettings.DEFAULT, List.of(counting));
        Memo memo = new Memo();
        List<Resource> objects =
                new ArrayList<>(Golden.parse(Manifests.gateway(80, 9000), LIMIT).objects());
        Resources first = Resources.of(objects);
        Translation _ = translator.translate(first, Map.of(), memo);
        assertThat(counting.decoded).isEqualTo(1);

        objects.addAll(Golden.parse(Manifests.route("one")).objects());
        Resources second = Resources.after(first, objects);
        Translation _ = translator.translate(second, Map.of(), memo);
        assertThat(counting.decoded).isEqualTo(1);

        objects.addAll(
                Golden.parse("{apiVersion: v1, kind: Secret, metadata: {name: s}}").objects());
        Translation _ = translator.translate(Resources.after(second, objects), Map.of(), memo);
        assertThat(counting.decoded).isEqualTo(2);
    }
}
