package dev.sluice.source.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.app.PolicyConfiguration;
import dev.sluice.control.ControlLoop;
import dev.sluice.finding.Finding;
import dev.sluice.ir.Configuration;
import dev.sluice.ir.HttpRule;
import dev.sluice.observe.ControlMeters;
import dev.sluice.observe.UnexpectedErrors;
import dev.sluice.translate.Translator;
import dev.sluice.translate.context.TranslationSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Mistakes of newcomers, a folder for each: `expected` has how its finding begins, and each other
/// file lies beside the good ones of `base.yaml`, whose route is served as before.
class MistakesTest {

    private static final Path FOLDER = Path.of("src/test/resources/mistakes");

    @TempDir private Path folder;

    static List<Path> mistakes() throws IOException {
        try (Stream<Path> all = Files.list(FOLDER)) {
            return all.filter(Files::isDirectory).map(Path::getFileName).sorted().toList();
        }
    }

    /// What is served, and what is wrong.
    private record Outcome(Configuration configuration, List<Finding> findings) {}

    private Outcome read() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        UnexpectedErrors errors = new UnexpectedErrors(registry);
        AtomicReference<Configuration> served = new AtomicReference<>(Configuration.EMPTY);
        try (ControlLoop loop =
                new ControlLoop(
                        new FileSource(errors, folder),
                        new Translator(TranslationSettings.DEFAULT, PolicyConfiguration.KINDS),
                        configuration -> {
                            served.set(configuration);
                            return Map.of();
                        },
                        (_, _) -> {},
                        new ControlMeters(registry),
                        errors)) {
            loop.start();
            return new Outcome(served.get(), loop.findings());
        }
    }

    private static HttpRule good(Configuration configuration) {
        return configuration
                .rules()
                .filter(rule -> rule.origin().name().equals("good"))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mistakes")
    void mistake_hasItsFinding_andGoodIsServed(Path name) throws IOException {
        Path mistake = FOLDER.resolve(name);
        Files.copy(FOLDER.resolve("base.yaml"), folder.resolve("base.yaml"));
        HttpRule before = good(read().configuration());
        try (Stream<Path> files = Files.list(mistake)) {
            for (Path file : files.filter(each -> !each.endsWith("expected")).toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        Outcome outcome = read();
        List<String> expected = Files.readAllLines(mistake.resolve("expected"));
        assertThat(outcome.findings().stream().map(Finding::toString).toList())
                .hasSameSizeAs(expected)
                .zipSatisfy(expected, (is, text) -> assertThat(is).startsWith(text));
        assertThat(good(outcome.configuration())).isEqualTo(before);
    }

    @Test
    void base_hasNoFinding() throws IOException {
        Files.copy(FOLDER.resolve("base.yaml"), folder.resolve("base.yaml"));
        assertThat(read().findings()).isEmpty();
    }
}
