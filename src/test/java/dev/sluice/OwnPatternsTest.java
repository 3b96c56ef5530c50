package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Regular expressions of our own are no way to the end of a stack: none of them recurses once for
/// each character of what users wrote. A repeated group does (`(/a*)+`), a repeated class does not
/// (`[/a]*`).
class OwnPatternsTest {

    private static final JavaClasses MAIN =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("dev.sluice");

    private static final int LONG = 200_000;

    private static Map<String, Pattern> patterns() throws ReflectiveOperationException {
        Map<String, Pattern> patterns = new TreeMap<>();
        for (JavaField field : MAIN.stream().flatMap(one -> one.getFields().stream()).toList()) {
            if (field.getRawType().isEquivalentTo(Pattern.class)
                    && field.getModifiers().contains(JavaModifier.STATIC)) {
                Field reflected = field.reflect();
                reflected.setAccessible(true);
                String name = field.getFullName().substring("dev.sluice.".length());
                patterns.put(name, (Pattern) reflected.get(null));
            }
        }
        return patterns;
    }

    /// Texts in which one unit comes again and again, whole and with an end that does not fit.
    private static List<String> texts() {
        List<String> texts = new ArrayList<>();
        for (String unit :
                List.of(
                        "a", "0", "-", "a.", "a-", ".a", "/", "/a", "a/", "1h", "5ms", "_", " a",
                        ",a")) {
            for (String start : List.of("", "a", "/", "*.")) {
                for (String end : List.of("", "a", "\u0000")) {
                    int times = (LONG - start.length() - end.length()) / unit.length();
                    texts.add(start + unit.repeat(times) + end);
                }
            }
        }
        return texts;
    }

    @Test
    void patterns_takeNoStackForLongTexts() throws Exception {
        Map<String, Pattern> patterns = patterns();
        assertThat(patterns)
                .containsKeys(
                        "translate.route.ExposedServices.HOST",
                        "translate.route.ExposedServices.PATH");
        List<String> failed = new ArrayList<>();
        Runnable all =
                () ->
                        patterns.forEach((name, pattern) -> {
                            for (String text : texts()) {
                                try {
                                    boolean _ = pattern.matcher(text).matches();
                                    boolean _ = pattern.matcher(text).lookingAt();
                                } catch (StackOverflowError e) {
                                    failed.add(name);
                                }
                            }
                        });
        Thread small = new Thread(null, all, "small-stack", 128 * 1024);
        small.start();
        small.join();
        assertThat(failed).isEmpty();
    }
}
