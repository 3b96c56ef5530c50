package dev.sluice.finding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// docs/findings.md has a section for each code, and no other.
class FindingsDocumentTest {

    private static final Pattern SECTION =
            Pattern.compile("^## (SL\\d{4}: .+)\n\n(?s:.*?)\nWhat to do: (.+)$", Pattern.MULTILINE);

    @Test
    void sections_areTheCodesWithWhatToDo() throws IOException {
        String page = Files.readString(Path.of("docs/findings.md"));
        List<String> sections =
                SECTION.matcher(page)
                        .results()
                        .map(one -> one.group(1) + " " + one.group(2))
                        .toList();
        assertThat(sections)
                .containsExactlyElementsOf(
                        Arrays.stream(FindingCode.values())
                                .map(code -> code.id() + ": " + code.title() + " " + code.action())
                                .toList());
    }

    @Test
    void codes_areUnique() {
        assertThat(Arrays.stream(FindingCode.values()).map(FindingCode::id))
                .doesNotHaveDuplicates();
    }
}
