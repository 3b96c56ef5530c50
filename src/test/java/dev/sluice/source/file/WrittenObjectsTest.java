package dev.sluice.source.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.finding.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The objects in our own samples, manifests and documents: none is refused in files.
class WrittenObjectsTest {

    private static final List<Path> ROOTS =
            List.of(Path.of("config"), Path.of("docs"), Path.of("k8s"), Path.of("README.md"));

    private static final Pattern BLOCK = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

    static List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path root : ROOTS) {
            try (Stream<Path> all = Files.walk(root)) {
                all.filter(file -> file.toString().matches(".*\\.(yaml|md)")).forEach(files::add);
            }
        }
        return files;
    }

    private static Stream<String> texts(Path file) throws IOException {
        String text = Files.readString(file);
        return file.toString().endsWith(".yaml")
                ? Stream.of(text)
                : BLOCK.matcher(text)
                        .results()
                        .map((MatchResult block) -> block.group(1))
                        .filter(block -> block.startsWith("apiVersion: "));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("files")
    void object_isNotRefused(Path file) throws IOException {
        assertThat(texts(file).toList())
                .allSatisfy(text ->
                        assertThat(Manifest.read(text).findings())
                                .filteredOn(each -> each.object() != null)
                                .filteredOn(each -> each.severity() == Severity.ERROR)
                                .isEmpty());
    }

    @Test
    void texts_areThere() throws IOException {
        int count = 0;
        for (Path file : files()) {
            count += Math.toIntExact(texts(file).count());
        }
        assertThat(count).isGreaterThan(25);
    }
}
