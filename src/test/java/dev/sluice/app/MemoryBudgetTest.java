package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The budget of memory of the manifests: what the options of the JVM bound, and what the comment
/// beside them adds, stays under the container's limit. `k8s/image/test` measures what the image
/// holds.
class MemoryBudgetTest {

    private static final Pattern PART = Pattern.compile("([A-Za-z]+) (\\d+)");

    private static String deployment = "";
    private static String line = "";
    private static final Map<String, Integer> BUDGET = new HashMap<>();

    @BeforeAll
    static void read() throws IOException {
        deployment = Files.readString(Path.of("k8s/base/deployment.yaml"));
        line =
                deployment
                        .lines()
                        .filter(text -> text.contains("# heap "))
                        .findFirst()
                        .orElseThrow();
        Matcher parts = PART.matcher(line.substring(0, line.indexOf('=')));
        while (parts.find()) {
            BUDGET.put(parts.group(1), Integer.valueOf(parts.group(2)));
        }
    }

    @Test
    void budget_namesEveryPartAndStaysUnderTheLimit() {
        assertThat(BUDGET)
                .containsOnlyKeys(
                        "heap", "direct", "metaspace", "code", "AOT", "threads", "JVM", "kernel");
        int sum = BUDGET.values().stream().mapToInt(Integer::intValue).sum();
        assertThat(line).endsWith("= " + sum);
        assertThat(sum).isLessThanOrEqualTo(mebibytes("limits:\\s+memory: (\\d+)Mi"));
    }

    @Test
    void partsThatTheJvmCanBound_areBoundedByItsOptions() {
        assertThat(BUDGET)
                .containsEntry("heap", mebibytes("-Xmx(\\d+)m"))
                .containsEntry("direct", mebibytes("-XX:MaxDirectMemorySize=(\\d+)m"))
                .containsEntry("metaspace", mebibytes("-XX:MaxMetaspaceSize=(\\d+)m"))
                .containsEntry("code", mebibytes("-XX:ReservedCodeCacheSize=(\\d+)m"));
    }

    @Test
    void exhaustedHeap_endsTheProcessInManifestsAndImage() throws IOException {
        assertThat(deployment).contains("-XX:+ExitOnOutOfMemoryError");
        assertThat(Files.readString(Path.of("k8s/image/build")))
                .contains("-XX:+ExitOnOutOfMemoryError");
    }

    @Test
    void table_ofTheDocumentHasTheSameFigures() throws IOException {
        String document = Files.readString(Path.of("docs/kubernetes.md"));
        BUDGET.forEach((part, mebibytes) ->
                assertThat(document)
                        .containsPattern("(?m)^\\| " + part + "[^|]* \\| " + mebibytes + " \\|"));
    }

    private static int mebibytes(String pattern) {
        Matcher found = Pattern.compile(pattern).matcher(deployment);
        assertThat(found.find()).as(pattern).isTrue();
        return Integer.parseInt(found.group(1));
    }
}
