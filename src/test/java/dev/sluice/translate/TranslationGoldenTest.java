package dev.sluice.translate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each `x.in.yaml` beside its `x.out.yaml`; a folder's `base.yaml` belongs to all of its cases.
/// `make golden` rewrites the outputs.
class TranslationGoldenTest {

    private static final Path FOLDER = Path.of("src/test/resources/translation");
    private static final String IN = ".in.yaml";

    static List<Path> cases() throws IOException {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(IN))
                    .map(FOLDER::relativize)
                    .sorted()
                    .toList();
        }
    }

    private static Golden.Case read(Path name) throws IOException {
        Path in = FOLDER.resolve(name);
        Path base = in.resolveSibling("base.yaml");
        return Files.exists(base)
                ? Golden.parse(Files.readString(base), Files.readString(in))
                : Golden.parse(Files.readString(in));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void translation_isAsWritten(Path name) throws IOException {
        String text = name.toString();
        Path out = FOLDER.resolve(text.substring(0, text.length() - IN.length()) + ".out.yaml");
        String printed = read(name).print();
        if (Boolean.getBoolean("golden.write")) {
            Files.writeString(out, printed);
        }
        assertThat(printed).isEqualTo(Files.readString(out));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void order_ofObjectsChangesNothing(Path name) throws IOException {
        Golden.Case golden = read(name);
        String printed = golden.print();
        for (int seed = 0; seed < 5; seed++) {
            assertThat(golden.shuffled(seed).print()).as("seed %d", seed).isEqualTo(printed);
        }
    }
}
