package dev.sluice.source.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.app.PolicyConfiguration;
import dev.sluice.finding.Finding;
import dev.sluice.finding.Severity;
import dev.sluice.observe.UnexpectedErrors;
import dev.sluice.resource.Condition;
import dev.sluice.resource.ObjectRef;
import dev.sluice.resource.Resources;
import dev.sluice.resource.Status;
import dev.sluice.translate.Translation;
import dev.sluice.translate.Translator;
import dev.sluice.translate.context.TranslationSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Objects that are wrong in one way each. Their first line tells what is expected: `error:` and
/// `warning:` how a problem begins, `condition:` an object (or a listener of it) and how one of its
/// conditions begins. What is right beside them is served as before.
class InvalidObjectsTest {

    private static final Path FOLDER = Path.of("src/test/resources/invalid");

    @TempDir private Path folder;

    static List<Path> cases() throws IOException {
        try (Stream<Path> files = Files.walk(FOLDER, 2)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .map(FOLDER::relativize)
                    .filter(file -> file.getNameCount() == 2)
                    .sorted()
                    .toList();
        }
    }

    /// What became of a folder.
    private record Outcome(List<Finding> problems, Resources resources, Translation translation) {

        List<String> messages(Severity severity) {
            return problems.stream()
                    .filter(problem -> problem.severity() == severity)
                    .map(Finding::text)
                    .toList();
        }

        Map<String, List<String>> conditions() {
            Map<String, List<String>> all = new TreeMap<>();
            translation
                    .statuses()
                    .byObject()
                    .forEach((ref, status) ->
                            byObject(ref.toString(), status)
                                    .forEach((name, list) ->
                                            all.put(
                                                    name,
                                                    list.stream().map(Outcome::text).toList())));
            return all;
        }

        private static Map<String, List<Condition>> byObject(String name, Status status) {
            Map<String, List<Condition>> all = new TreeMap<>();
            switch (status) {
                case Status.OfGatewayClass of -> all.put(name, of.conditions());
                case Status.OfGateway of -> {
                    all.put(name, of.conditions());
                    of.listeners()
                            .forEach(each -> all.put(name + "/" + each.name(), each.conditions()));
                }
                case Status.OfListenerSet of -> all.put(name, of.conditions());
                case Status.OfRoute of ->
                        of.parents().forEach(each -> all.put(name, each.conditions()));
                case Status.OfPolicy of ->
                        of.ancestors().forEach(each -> all.put(name, each.conditions()));
            }
            return all;
        }

        private static String text(Condition condition) {
            return condition.type()
                    + (condition.status() ? "=True " : "=False ")
                    + condition.reason()
                    + " "
                    + condition.message();
        }
    }

    private static Outcome read(Path folder) {
        List<Resources> snapshots = new ArrayList<>();
        try (FileSource source =
                new FileSource(
                        new UnexpectedErrors(new SimpleMeterRegistry()),
                        new FileRules(true, true),
                        List.of(folder))) {
            source.start(snapshots::add);
            Resources resources = snapshots.get(0);
            Translation translation =
                    new Translator(TranslationSettings.DEFAULT, PolicyConfiguration.KINDS)
                            .translate(resources);
            return new Outcome(source.findings(), resources, translation);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void object_isAnsweredAsItsFirstLineSays(Path name) throws IOException {
        Files.copy(FOLDER.resolve("base.yaml"), folder.resolve("a.yaml"));
        Files.copy(FOLDER.resolve(name), folder.resolve("b.yaml"));
        String expected = Files.readAllLines(FOLDER.resolve(name)).get(0).substring(2);
        Outcome outcome = read(folder);
        int colon = expected.indexOf(": ");
        String text = expected.substring(colon + 2);
        List<String> errors = outcome.messages(Severity.ERROR);
        List<String> warnings = outcome.messages(Severity.WARNING);
        switch (expected.substring(0, colon)) {
            case "error" -> {
                assertThat(errors).anySatisfy(error -> assertThat(error).startsWith(text));
                assertThat(outcome.problems())
                        .allSatisfy(problem -> assertThat(file(problem)).isEqualTo("b.yaml"));
            }
            case "warning" -> {
                assertThat(errors).isEmpty();
                assertThat(warnings).containsExactly(text);
            }
            case "condition" -> {
                int end = text.indexOf(": ");
                assertThat(errors).isEmpty();
                assertThat(warnings).isEmpty();
                assertThat(outcome.conditions().get(text.substring(0, end)))
                        .as("%s", outcome.conditions())
                        .anySatisfy(each -> assertThat(each).startsWith(text.substring(end + 2)));
            }
            default -> throw new AssertionError("what is " + expected + "?");
        }
        assertGoodIsServed(outcome);
    }

    private static String file(Finding finding) {
        return finding.place() == null ? "" : finding.place().file();
    }

    private static void assertGoodIsServed(Outcome outcome) {
        assertThat(outcome.conditions().get("HTTPRoute default/good"))
                .containsExactly("Accepted=True Accepted ", "ResolvedRefs=True ResolvedRefs ");
        assertThat(outcome.translation().configuration().upstreams()).containsKey("default/web:80");
    }

    @Test
    void allInOneFolder_breakNothing() throws IOException {
        Files.copy(FOLDER.resolve("base.yaml"), folder.resolve("a.yaml"));
        for (Path name : cases()) {
            Files.copy(
                    FOLDER.resolve(name),
                    folder.resolve(name.getParent() + "-" + name.getFileName()));
        }
        assertGoodIsServed(read(folder));
        assertThat(cases()).hasSizeGreaterThanOrEqualTo(60);
    }

    @Test
    void base_hasNothingWrong() throws IOException {
        Files.copy(FOLDER.resolve("base.yaml"), folder.resolve("a.yaml"));
        Outcome outcome = read(folder);
        assertThat(outcome.problems()).isEmpty();
        ObjectRef route =
                new ObjectRef("gateway.networking.k8s.io", "HTTPRoute", "default", "good");
        assertThat(outcome.resources().size()).isEqualTo(4);
        assertThat(outcome.translation().statuses().byObject()).containsKey(route);
    }
}
