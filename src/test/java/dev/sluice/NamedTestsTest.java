package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The pages that list what may go wrong name tests that are there.
class NamedTestsTest {

    private static final Pattern ATTACK =
            Pattern.compile("(?:\\{name: |flooding\\()\"([a-z0-9-]+)\"");
    private static final Pattern ATTACK_ROW = Pattern.compile("(?m)^\\| `([a-z0-9-]+)` \\|");
    private static final Pattern TEST = Pattern.compile("`([A-Za-z]+(?:Test|Contract))\\.(\\w+)`");

    /// Of a test class of that simple name, in whatever package.
    private static String className(String simple) throws IOException {
        Path root = Path.of("src/test/java");
        try (Stream<Path> files = Files.walk(root)) {
            Path file =
                    files.filter(each -> each.endsWith(simple + ".java"))
                            .findFirst()
                            .orElseThrow(() -> new AssertionError("no test " + simple));
            String path = root.relativize(file).toString();
            return path.substring(0, path.length() - ".java".length()).replace('/', '.');
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"traps", "hostile-input"})
    void page_namesTestsThatExist(String name) throws Exception {
        String page = Files.readString(Path.of("docs/" + name + ".md"));
        var named = TEST.matcher(page).results().toList();
        assertThat(named).hasSizeGreaterThan(20);
        for (MatchResult test : named) {
            Class<?> type = Class.forName(className(test.group(1)));
            assertThat(Arrays.stream(type.getDeclaredMethods()).map(method -> method.getName()))
                    .as(test.group())
                    .contains(test.group(2));
        }
    }

    @Test
    void page_namesTheAttacksOfTheSuite() throws IOException {
        StringBuilder sources = new StringBuilder();
        try (var files = Files.newDirectoryStream(Path.of("attack"), "*.go")) {
            for (Path file : files) {
                sources.append(Files.readString(file));
            }
        }
        String page = Files.readString(Path.of("docs/hostile-input.md"));
        assertThat(groups(ATTACK_ROW, page))
                .hasSizeGreaterThan(40)
                .containsExactlyInAnyOrderElementsOf(groups(ATTACK, sources));
    }

    private static List<String> groups(Pattern pattern, CharSequence text) {
        return pattern.matcher(text).results().map(result -> result.group(1)).toList();
    }
}
