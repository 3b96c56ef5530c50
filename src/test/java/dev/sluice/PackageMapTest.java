package dev.sluice;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static dev.sluice.ArchitectureTest.BASE;
import static dev.sluice.ArchitectureTest.MAIN;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The package map of docs/architecture.md, which is read from there. A package may import what its
/// row lists, and nothing else of ours.
class PackageMapTest {

    private static final Path DOCUMENT = Path.of("docs/architecture.md");
    private static final Pattern ROW =
            Pattern.compile("^\\| `([a-z0-9.]+)` \\|.*\\| ([^|]+) \\|$", Pattern.MULTILINE);

    private static final Map<String, List<String>> MAY_IMPORT = rows();

    /// Packages that may have more than 30 files: lists of alike things.
    private static final Map<String, Integer> MOST_FILES = Map.of("resource", 60, "ir", 60);

    /// The rows of the section "Packages", but for `app`, which is wiring and may import all.
    private static Map<String, List<String>> rows() {
        String text;
        try {
            text = Files.readString(DOCUMENT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        int from = text.indexOf("\n## Packages\n");
        String section = text.substring(from, text.indexOf("\n## ", from + 1));
        Map<String, List<String>> rows = new TreeMap<>();
        ROW.matcher(section).results().forEach(row -> rows.put(row.group(1), imports(row)));
        rows.remove("app");
        return rows;
    }

    private static List<String> imports(MatchResult row) {
        return row.group(2).equals("–") ? List.of() : List.of(row.group(2).split(", "));
    }

    @Test
    void packages_importOnlyWhatTheMapAllows() {
        MAY_IMPORT.forEach((name, allowed) -> {
            List<String> packages = new ArrayList<>(List.of(BASE + name));
            allowed.forEach(other -> packages.add(BASE + other));
            noClasses()
                    .that()
                    .resideInAPackage(BASE + name)
                    .should()
                    .dependOnClassesThat(ours(packages))
                    .because("the map of docs/architecture.md lets " + name + " import " + allowed)
                    .allowEmptyShould(true)
                    .check(MAIN);
        });
    }

    private static DescribedPredicate<JavaClass> ours(List<String> allowed) {
        return resideInAPackage("dev.sluice..")
                .and(DescribedPredicate.not(resideInAnyPackage(allowed.toArray(String[]::new))))
                .as("classes of ours outside of " + allowed);
    }

    @Test
    void policies_doNotKnowEachOther() {
        slices().matching(BASE + "policy.(*)..")
                .should()
                .notDependOnEachOther()
                .allowEmptyShould(true)
                .check(MAIN);
    }

    @Test
    void packages_haveNoCycles() {
        slices().matching(BASE + "(*)..").should().beFreeOfCycles().check(MAIN);
        slices().matching(BASE + "(**)").should().beFreeOfCycles().check(MAIN);
    }

    /// `app` is wiring and may import all; each other package has its row.
    @Test
    void everyPackage_isOnTheMap() {
        Set<String> packages =
                MAIN.stream()
                        .map(one -> one.getPackageName().substring(BASE.length()))
                        .collect(Collectors.toCollection(TreeSet::new));
        packages.remove("app");
        assertThat(packages).isEqualTo(new TreeSet<>(MAY_IMPORT.keySet()));
    }

    /// More would be a drawer. Flat lists of alike things have as many files as there are things.
    @Test
    void packages_areSmall() {
        Map<String, Long> files =
                MAIN.stream()
                        .filter(one ->
                                one.isTopLevelClass() && !one.getName().endsWith("package-info"))
                        .collect(
                                Collectors.groupingBy(
                                        one -> one.getPackageName().substring(BASE.length()),
                                        Collectors.counting()));
        assertThat(files)
                .allSatisfy((name, count) ->
                        assertThat(count)
                                .as(name)
                                .isLessThanOrEqualTo(MOST_FILES.getOrDefault(name, 30)));
    }
}
