package dev.sluice.source.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.observe.UnexpectedErrors;
import dev.sluice.resource.HttpRoute;
import dev.sluice.resource.Resources;
import dev.sluice.resource.Service;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Resources from files, and what becomes of them when files change.
class FileSourceTest {

    private static final UnexpectedErrors ERRORS = new UnexpectedErrors(new SimpleMeterRegistry());

    private final List<Resources> snapshots = new CopyOnWriteArrayList<>();
    @TempDir private Path folder;
    private @Nullable FileSource source;

    private void start() {
        FileSource started = new FileSource(ERRORS, folder);
        source = started;
        started.start(snapshots::add);
    }

    @AfterEach
    void stop() {
        if (source != null) {
            source.close();
        }
    }

    private Resources latest() {
        return snapshots.get(snapshots.size() - 1);
    }

    private List<String> problems() {
        return source == null
                ? List.of()
                : source.findings().stream()
                        .map(finding -> finding.place() + ": " + finding.text())
                        .toList();
    }

    private static String route(String name, String port) {
        return """
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata:
          name: NAME
        spec:
          parentRefs: [{name: gw}]
          rules:
            - backendRefs: [{name: cart, port: PORT}]
        """
                .replace("NAME", name)
                .replace("PORT", port);
    }

    private static String service(String name) {
        return "apiVersion: v1\nkind: Service\nmetadata: {name: "
                + name
                + "}\nspec: {ports: [{port: 80}]}\n";
    }

    private @Nullable HttpRoute route(String name) {
        return latest().find(HttpRoute.class, "default", name);
    }

    @Test
    void files_ofSubfoldersAreReadAndHiddenOnesAreNot() throws IOException {
        Files.createDirectories(folder.resolve("sub/.hidden"));
        Files.writeString(folder.resolve("a.yaml"), service("a") + "---\n" + service("b"));
        Files.writeString(folder.resolve("sub/c.yml"), service("c"));
        Files.writeString(folder.resolve("sub/.hidden/d.yaml"), service("d"));
        Files.writeString(folder.resolve("sub/.e.yaml"), service("e"));
        Files.writeString(folder.resolve("notes.txt"), "not for us");
        start();
        assertThat(latest().all(Service.class))
                .extracting(Service::name)
                .containsExactlyInAnyOrder("a", "b", "c");
        assertThat(problems()).isEmpty();
    }

    @Test
    void objectThatCannotBeRead_keepsItsLastGoodVersionAndStopsNoOther() throws IOException {
        Path file = folder.resolve("routes.yaml");
        Files.writeString(file, route("one", "80") + "---\n" + route("two", "80"));
        start();
        Files.writeString(file, route("one", "eighty") + "---\n" + route("two", "81"));
        await().untilAsserted(() -> assertThat(problems()).hasSize(1));
        assertThat(problems().get(0))
                .startsWith(
                        "routes.yaml:8: HTTPRoute default/one: spec.rules[0].backendRefs[0].port")
                .contains("eighty");
        await().untilAsserted(() -> assertThat(port("two")).isEqualTo(81));
        assertThat(port("one")).isEqualTo(80);
        Files.writeString(file, route("one", "82") + "---\n" + route("two", "81"));
        await().untilAsserted(() -> assertThat(port("one")).isEqualTo(82));
        assertThat(problems()).isEmpty();
    }

    private @Nullable Integer port(String name) {
        HttpRoute route = route(name);
        return route == null ? null : route.spec().rules().get(0).backendRefs().get(0).port();
    }

    @Test
    void fileThatIsNoYaml_keepsItsObjectsAndNamesTheLine() throws IOException {
        Path file = folder.resolve("routes.yaml");
        Files.writeString(file, route("one", "80"));
        start();
        Files.writeString(file, "kind: HTTPRoute\n  bad: [\n");
        await().untilAsserted(() -> assertThat(problems()).hasSize(1));
        assertThat(problems().get(0)).startsWith("routes.yaml:2: ");
        assertThat(port("one")).isEqualTo(80);
    }

    @Test
    void unknownFields_areToldWithTheirPath() throws IOException {
        Files.writeString(
                folder.resolve("routes.yaml"),
                service("cart") + "---\n" + route("one", "80").replace("backendRefs", "backends"));
        start();
        assertThat(problems())
                .containsExactly(
                        "routes.yaml:13: HTTPRoute default/one: spec.rules[0].backends: unknown"
                                + " field; backendRefs may be meant");
        assertThat(route("one")).isNotNull();
    }

    @Test
    void objectWithoutName_isTold() throws IOException {
        Files.writeString(folder.resolve("a.yaml"), "kind: Service\napiVersion: v1\n");
        start();
        assertThat(problems())
                .containsExactly("a.yaml:1: apiVersion, kind and metadata.name are required");
    }

    @Test
    void objectDefinedTwice_staysTheFirst() throws IOException {
        Files.writeString(folder.resolve("a.yaml"), route("one", "80"));
        Files.writeString(folder.resolve("b.yaml"), route("one", "81"));
        start();
        assertThat(port("one")).isEqualTo(80);
        assertThat(problems()).singleElement().asString().contains("defined twice");
    }

    @Test
    void removedFile_takesItsObjectsAlong() throws IOException {
        Path file = folder.resolve("a.yaml");
        Files.writeString(file, service("a"));
        start();
        Files.delete(file);
        await().untilAsserted(() -> assertThat(latest().all(Service.class)).isEmpty());
    }

    @Test
    void errorInATurn_isNotTheLast() throws IOException {
        Files.writeString(folder.resolve("a.yaml"), service("a"));
        FileSource started = new FileSource(ERRORS, folder);
        source = started;
        started.start(snapshot -> {
            if (snapshot.size() == 2) {
                throw new StackOverflowError();
            }
            snapshots.add(snapshot);
        });
        Instant before = started.lastTurn();
        Files.writeString(folder.resolve("b.yaml"), service("b"));
        await().until(() -> started.lastTurn().isAfter(before.plusMillis(500)));
        Files.writeString(folder.resolve("c.yaml"), service("c"));
        await().until(() -> latest().size() == 3);
    }

    /// Who writes it anew empties it first, and may be held up then.
    @Test
    void emptiedFile_keepsItsObjectsForAMoment() throws IOException {
        Path file = folder.resolve("a.yaml");
        Files.writeString(file, service("a"));
        Files.writeString(folder.resolve("b.yaml"), service("b"));
        start();
        Files.writeString(file, "");
        Files.delete(folder.resolve("b.yaml"));
        await().until(() -> latest().find(Service.class, "default", "b") == null);
        assertThat(latest().find(Service.class, "default", "a")).isNotNull();
        await().until(() -> latest().find(Service.class, "default", "a") == null);
    }

    @Test
    void mountedConfigMap_changesWithItsLink() throws IOException {
        Path first = Files.createDirectory(folder.resolve("..2026_1"));
        Path second = Files.createDirectory(folder.resolve("..2026_2"));
        Files.writeString(first.resolve("a.yaml"), route("one", "80"));
        Files.writeString(second.resolve("a.yaml"), route("one", "81"));
        Path data = folder.resolve("..data");
        Files.createSymbolicLink(data, first.getFileName());
        Files.createSymbolicLink(folder.resolve("a.yaml"), Path.of("..data", "a.yaml"));
        start();
        assertThat(port("one")).isEqualTo(80);
        Path next = Files.createSymbolicLink(folder.resolve("..tmp"), second.getFileName());
        Files.move(next, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(port("one")).isEqualTo(81));
        assertThat(problems()).isEmpty();
    }

    @Test
    void documentThatIsNoYaml_stopsNoOtherOfItsFile() throws IOException {
        Path file = folder.resolve("routes.yaml");
        Files.writeString(file, route("one", "80") + "---\n" + route("two", "80"));
        start();
        Files.writeString(file, "kind: [\n---\n" + route("two", "81"));
        await().untilAsserted(() -> assertThat(port("two")).isEqualTo(81));
        assertThat(port("one")).isEqualTo(80);
        assertThat(problems()).singleElement().asString().startsWith("routes.yaml:");
    }

    @Test
    void keyThatStandsTwice_isNamed() throws IOException {
        Files.writeString(
                folder.resolve("a.yaml"), service("a").replace("spec:", "kind: Service\nspec:"));
        start();
        assertThat(problems()).singleElement().asString().startsWith("a.yaml:4: Duplicate");
    }

    @Test
    void list_isItsItems() throws IOException {
        Files.writeString(
                folder.resolve("a.json"),
                """
                {"apiVersion": "v1", "kind": "List", "items": [
                  {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a"},
                   "spec": {"ports": [{"port": 80}]}},
                  {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "b"},
                   "spec": {"ports": [
                      {"port": 0}]}}
                ]}
                """);
        start();
        assertThat(latest().all(Service.class)).extracting(Service::name).containsExactly("a");
        assertThat(problems())
                .containsExactly(
                        "a.json:6: Service default/b: spec.ports[0].port: 0: must have a minimum"
                                + " value of 1 (schema: minimum)");
    }

    @Test
    void otherKinds_areNoProblem() throws IOException {
        Files.writeString(
                folder.resolve("a.yaml"),
                "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\n---\n" + service("a"));
        start();
        assertThat(problems()).isEmpty();
        assertThat(latest().size()).isEqualTo(1);
        assertThat(Manifest.read(Files.readString(folder.resolve("a.yaml"))).otherKinds())
                .containsExactly("apps/Deployment");
    }

    @Test
    void fieldsWithoutEffect_areTold() throws IOException {
        Files.writeString(
                folder.resolve("a.yaml"),
                service("a").replace("spec: {", "spec: {selector: {app: a}, "));
        start();
        assertThat(problems())
                .containsExactly(
                        "a.yaml:1: Service default/a: valid, but of no effect here: spec.selector");
        assertThat(latest().size()).isEqualTo(1);
    }

    @Test
    void secretThatIsRejected_showsNoValue() throws IOException {
        Files.writeString(
                folder.resolve("a.yaml"),
                "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {password: 'hush!'}\n");
        start();
        assertThat(problems())
                .singleElement()
                .asString()
                .startsWith("a.yaml:4: Secret default/a: data.password: ")
                .doesNotContain("hush");
    }

    /// From the last write to the published snapshot: two looks, 50 ms apart, that see the same.
    /// Counted in turns of a task of the same interval, which comes as late as the looks where the
    /// machine is busy: four of them are 200 ms where it is not.
    @Test
    void change_isLiveWithin200MillisOfTheLastWrite() throws Exception {
        Path file = folder.resolve("routes.yaml");
        Files.writeString(file, route("one", "80"));
        AtomicInteger turns = new AtomicInteger();
        BlockingQueue<Integer> published = new LinkedBlockingQueue<>();
        FileSource started = new FileSource(ERRORS, folder);
        source = started;
        started.start(snapshot -> {
            snapshots.add(snapshot);
            published.add(turns.get());
        });
        published.clear();
        List<Integer> waits = new ArrayList<>();
        try (ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor()) {
            var _ =
                    clock.scheduleWithFixedDelay(
                            turns::incrementAndGet, 50, 50, TimeUnit.MILLISECONDS);
            for (int port = 81; port <= 100; port++) {
                Files.writeString(file, route("one", String.valueOf(port)));
                int written = turns.get();
                Integer live = published.poll(30, TimeUnit.SECONDS);
                assertThat(live).as("a snapshot with port %s", port).isNotNull();
                assertThat(port("one")).isEqualTo(port);
                waits.add((live == null ? 0 : live) - written);
            }
            clock.shutdownNow();
        }
        waits.sort(null);
        assertThat(waits.get(waits.size() / 2)).as("median of %s", waits).isLessThanOrEqualTo(4);
    }

    /// Two files that belong together are swapped by one link: no snapshot has one of each.
    @Test
    void swapOfTheDataLink_isSeenWhole() throws IOException {
        for (int version = 0; version < 2; version++) {
            Path part = Files.createDirectory(folder.resolve("..v" + version));
            Files.writeString(part.resolve("a.yaml"), route("one", "8" + version));
            Files.writeString(part.resolve("b.yaml"), route("two", "8" + version));
        }
        Path data = Files.createSymbolicLink(folder.resolve("..data"), Path.of("..v0"));
        Files.createSymbolicLink(folder.resolve("a.yaml"), Path.of("..data", "a.yaml"));
        Files.createSymbolicLink(folder.resolve("b.yaml"), Path.of("..data", "b.yaml"));
        start();
        for (int swap = 1; swap <= 6; swap++) {
            Path next = Path.of("..v" + swap % 2);
            Path link = Files.createSymbolicLink(folder.resolve("..tmp"), next);
            Files.move(
                    link,
                    data,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            int expected = 80 + swap % 2;
            await().untilAsserted(() -> assertThat(port("one")).isEqualTo(expected));
        }
        assertThat(snapshots)
                .allSatisfy(snapshot ->
                        assertThat(
                                        snapshot.all(HttpRoute.class).stream()
                                                .map(route ->
                                                        route.spec()
                                                                .rules()
                                                                .get(0)
                                                                .backendRefs()
                                                                .get(0)
                                                                .port())
                                                .distinct())
                                .hasSize(1));
    }

    @Test
    void documentThatIsNoYaml_keepsTheFirstConfigurationBack() throws IOException {
        Files.writeString(folder.resolve("a.yaml"), service("a"));
        Files.writeString(folder.resolve("b.yaml"), "kind: [\n");
        start();
        assertThat(snapshots).isEmpty();
        assertThat(problems()).singleElement().asString().startsWith("b.yaml:");
        Files.writeString(folder.resolve("b.yaml"), service("b"));
        await().untilAsserted(() -> assertThat(snapshots).isNotEmpty());
        assertThat(snapshots.getFirst().all(Service.class))
                .extracting(Service::name)
                .containsExactly("a", "b");
        assertThat(problems()).isEmpty();
        Files.writeString(folder.resolve("b.yaml"), "kind: [\n");
        await().untilAsserted(() -> assertThat(problems()).hasSize(1));
        Files.writeString(folder.resolve("a.yaml"), service("c"));
        await().untilAsserted(() ->
                assertThat(latest().all(Service.class))
                        .extracting(Service::name)
                        .containsExactlyInAnyOrder("b", "c"));
    }

    @Test
    void restOfTheFirstConfiguration_isTakenWhereThatIsSet() throws IOException {
        Files.writeString(folder.resolve("a.yaml"), service("a"));
        Files.writeString(folder.resolve("b.yaml"), "kind: [\n");
        FileSource started = new FileSource(ERRORS, new FileRules(true, true), List.of(folder));
        source = started;
        started.start(snapshots::add);
        assertThat(latest().all(Service.class)).extracting(Service::name).containsExactly("a");
    }

    @Test
    void linkThatLeadsNowhere_isNamed_keepsItsObjects_andStopsNoOther() throws IOException {
        Path target = Files.writeString(folder.resolve(".b"), service("b"));
        Files.createSymbolicLink(folder.resolve("b.yaml"), target);
        Files.writeString(folder.resolve("a.yaml"), service("a"));
        start();
        Files.delete(target);
        await().untilAsserted(() ->
                assertThat(problems())
                        .containsExactly("b.yaml: is a link to a file that is not there"));
        Files.writeString(folder.resolve("a.yaml"), service("c"));
        await().untilAsserted(() ->
                assertThat(latest().all(Service.class))
                        .extracting(Service::name)
                        .containsExactlyInAnyOrder("b", "c"));
    }

    @Test
    void folderInItself_isNamed_andStopsNoOther() throws IOException {
        Files.createDirectories(folder.resolve("sub"));
        Files.createSymbolicLink(folder.resolve("sub/again"), folder);
        Files.writeString(folder.resolve("a.yaml"), service("a"));
        FileSource started = new FileSource(ERRORS, new FileRules(true, true), List.of(folder));
        source = started;
        started.start(snapshots::add);
        assertThat(latest().all(Service.class)).hasSize(1);
        assertThat(problems()).containsExactly("sub/again: is a link to a folder that it is in");
    }

    @Test
    void folderThatIsMissing_isNamed_andWaitedFor() throws IOException {
        Path nope = folder.resolve("nope");
        FileSource missing = new FileSource(ERRORS, nope);
        source = missing;
        missing.start(snapshots::add);
        assertThat(snapshots).isEmpty();
        assertThat(problems()).containsExactly(nope + ": does not exist");
        Path made = Files.createDirectory(folder.resolve(".made"));
        Files.writeString(made.resolve("a.yaml"), service("a"));
        Files.move(made, nope, StandardCopyOption.ATOMIC_MOVE);
        await().untilAsserted(() -> assertThat(snapshots).isNotEmpty());
        assertThat(latest().all(Service.class)).hasSize(1);
    }

    @Test
    void folderWithoutFiles_isNamed_andTaken() {
        start();
        assertThat(snapshots).hasSize(1);
        assertThat(problems())
                .containsExactly(folder + ": has no file that ends in .yaml, .yml or .json");
    }

    private static String policy(String target) {
        return """
        apiVersion: policy.sluice.dev/v1alpha1
        kind: AuthPolicy
        metadata: {name: closed}
        spec:
          targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: TARGET}]
          authorization: {default: Deny, rules: [{name: a, when: {cidrs: [10.0.0.0/8]}}]}
        """
                .replace("TARGET", target);
    }

    @Test
    void changeThatTakesAPolicysTargetAway_isNotTaken() throws IOException {
        Path file = folder.resolve("routes.yaml");
        Files.writeString(folder.resolve("policy.yaml"), policy("one"));
        Files.writeString(file, route("one", "80"));
        start();
        Files.writeString(file, route("two", "80"));
        await().untilAsserted(() ->
                assertThat(problems())
                        .containsExactly(
                                "policy.yaml:5: AuthPolicy default/closed: spec.targetRefs: HTTPRoute"
                                        + " default/one not found: no change of the files is taken"));
        assertThat(route("two")).isNull();
        assertThat(port("one")).isEqualTo(80);
        Files.writeString(folder.resolve("policy.yaml"), policy("two"));
        await().untilAsserted(() -> assertThat(port("two")).isEqualTo(80));
        assertThat(route("one")).isNull();
        assertThat(problems()).isEmpty();
    }

    @Test
    void policyWithoutTargetAtTheStart_stopsNoChange() throws IOException {
        Path file = folder.resolve("routes.yaml");
        Files.writeString(folder.resolve("policy.yaml"), policy("gone"));
        Files.writeString(file, route("one", "80"));
        start();
        Files.writeString(file, route("one", "81"));
        await().untilAsserted(() -> assertThat(port("one")).isEqualTo(81));
    }

    @Test
    void problemOfYaml_isShownWithALineAndACaret() throws IOException {
        Files.writeString(
                folder.resolve("a.yaml"),
                service("a") + "---\nspec:\n  hosts: [a, b\n  rules: 5\n");
        start();
        assertThat(source == null ? "" : source.findings().getFirst().toString())
                .isEqualTo(
                        """
                        a.yaml:8: SL0001 expected ',' or ']', but got :
                              rules: 5
                                   ^
                        Correct the YAML at that line.\
                        """);
    }

    @Test
    void problemOfASecretsYaml_showsNoLine() throws IOException {
        Files.writeString(
                folder.resolve("a.yaml"), "kind: Secret\ndata:\n  key: [hidden, x\n  b: hidden\n");
        start();
        assertThat(problems()).containsExactly("a.yaml:4: expected ',' or ']', but got :");
    }

    @Test
    void unknownField_isReportedWithTheOneThatMayBeMeant() throws IOException {
        Files.writeString(
                folder.resolve("a.yaml"),
                route("a", "80").replace("backendRefs", "backends")
                        + "  hostname: [a.example]\n  whatever: 1\n");
        start();
        assertThat(problems())
                .containsExactlyInAnyOrder(
                        "a.yaml:8: HTTPRoute default/a: spec.rules[0].backends: unknown field;"
                                + " backendRefs may be meant",
                        "a.yaml:9: HTTPRoute default/a: spec.hostname: unknown field;"
                                + " hostnames may be meant",
                        "a.yaml:10: HTTPRoute default/a: spec.whatever: unknown field");
    }
}
