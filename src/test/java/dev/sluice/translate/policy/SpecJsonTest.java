package dev.sluice.translate.policy;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SpecJsonTest {

    private enum Mode {
        ENFORCE,
        SHADOW
    }

    private record Entry(@Nullable String name, int weight, @Nullable Mode mode) {}

    private record Section(List<Entry> entries) {}

    @Test
    void otherForm_isReportedByFieldAndForm_withoutOurClasses() {
        refused(false, ": must be an object, is false");
        refused(Map.of("entries", "x"), ".entries: must be a list, is a string");
        refused(
                Map.of("entries", List.of(Map.of("weight", "many"))),
                ".entries[0].weight: must be a number, is a string");
        refused(
                Map.of("entries", List.of(Map.of("weight", 1), Map.of("mode", "Off"))),
                ".entries[1].mode: must be one of ENFORCE, SHADOW, is a string");
        refused(
                Map.of("entries", List.of(Map.of("name", List.of("a")))),
                ".entries[0].name: must be a string, is a list");
    }

    private static void refused(Object written, String message) {
        assertThatThrownBy(() -> SpecJson.read(written, Section.class))
                .isInstanceOf(SpecFormException.class)
                .hasMessage(message);
    }
}
