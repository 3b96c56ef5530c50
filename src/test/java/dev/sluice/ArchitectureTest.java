package dev.sluice;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The package map of docs/architecture.md. A package may import what its row lists, and nothing
/// else of ours.
class ArchitectureTest {

    private static final String BASE = "dev.sluice.";

    private static final Map<String, List<String>> MAY_IMPORT =
            Map.ofEntries(
                    Map.entry(
                            "admin",
                            List.of(
                                    "control",
                                    "dataplane",
                                    "ir",
                                    "resource",
                                    "route",
                                    "source.file",
                                    "translate")),
                    Map.entry("app.demo", List.of("app.settings")),
                    Map.entry(
                            "app.settings",
                            List.of(
                                    "barrier",
                                    "http",
                                    "http.http2",
                                    "listener",
                                    "net",
                                    "observe",
                                    "resource",
                                    "server",
                                    "telemetry",
                                    "upstream")),
                    Map.entry("barrier", List.of()),
                    Map.entry("cel", List.of("engine", "http")),
                    Map.entry(
                            "control", List.of("ir", "observe", "resource", "source", "translate")),
                    Map.entry(
                            "dataplane",
                            List.of(
                                    "engine",
                                    "filter",
                                    "ir",
                                    "listener",
                                    "observe",
                                    "spring",
                                    "upstream")),
                    Map.entry("discovery", List.of("ir", "resource", "translate.backend")),
                    Map.entry(
                            "engine",
                            List.of(
                                    "barrier",
                                    "http",
                                    "ir",
                                    "net",
                                    "observe",
                                    "route",
                                    "upstream")),
                    Map.entry(
                            "filter",
                            List.of("barrier", "engine", "http", "ir", "net", "upstream")),
                    Map.entry("http", List.of("barrier", "ir", "net")),
                    Map.entry("http.http2", List.of("barrier", "http", "net")),
                    Map.entry("ir", List.of()),
                    Map.entry(
                            "listener",
                            List.of("barrier", "engine", "http", "ir", "net", "server")),
                    Map.entry("net", List.of("barrier", "ir")),
                    Map.entry("observe", List.of()),
                    Map.entry(
                            "policy.auth",
                            List.of(
                                    "engine",
                                    "ir",
                                    "policy.auth.authentication",
                                    "policy.auth.authorization",
                                    "policy.auth.credential",
                                    "policy.auth.csrf",
                                    "policy.auth.introspection",
                                    "policy.auth.jwt",
                                    "policy.auth.oidc",
                                    "policy.auth.provider",
                                    "resource",
                                    "translate.policy",
                                    "translate.status")),
                    Map.entry(
                            "policy.auth.authentication",
                            List.of(
                                    "barrier",
                                    "engine",
                                    "http",
                                    "ir",
                                    "observe",
                                    "resource",
                                    "translate.policy",
                                    "translate.status")),
                    Map.entry(
                            "policy.auth.authorization",
                            List.of(
                                    "cel",
                                    "engine",
                                    "ir",
                                    "net",
                                    "policy.auth.authentication",
                                    "policy.auth.jwt",
                                    "translate.status")),
                    Map.entry(
                            "policy.auth.credential",
                            List.of(
                                    "engine",
                                    "http",
                                    "ir",
                                    "net",
                                    "policy.auth.authentication",
                                    "policy.auth.jwt",
                                    "resource",
                                    "translate.policy",
                                    "translate.status")),
                    Map.entry(
                            "policy.auth.csrf",
                            List.of("engine", "http", "ir", "policy.auth.authentication")),
                    Map.entry(
                            "policy.auth.introspection",
                            List.of(
                                    "engine",
                                    "ir",
                                    "policy.auth.authentication",
                                    "policy.auth.jwt",
                                    "policy.auth.provider",
                                    "translate.policy",
                                    "translate.status")),
                    Map.entry(
                            "policy.auth.jwt",
                            List.of(
                                    "barrier",
                                    "engine",
                                    "ir",
                                    "policy.auth.authentication",
                                    "policy.auth.provider",
                                    "resource",
                                    "translate.policy",
                                    "translate.status")),
                    Map.entry(
                            "policy.auth.oidc",
                            List.of(
                                    "engine",
                                    "http",
                                    "ir",
                                    "observe",
                                    "policy.auth.authentication",
                                    "policy.auth.introspection",
                                    "policy.auth.jwt",
                                    "policy.auth.provider",
                                    "redis",
                                    "translate.policy",
                                    "translate.status")),
                    Map.entry("policy.auth.provider", List.of("observe")),
                    Map.entry(
                            "policy.ratelimit",
                            List.of(
                                    "barrier",
                                    "cel",
                                    "engine",
                                    "http",
                                    "ir",
                                    "observe",
                                    "redis",
                                    "resource",
                                    "translate.policy",
                                    "translate.status")),
                    Map.entry(
                            "policy.resilience",
                            List.of(
                                    "engine",
                                    "http",
                                    "ir",
                                    "observe",
                                    "resource",
                                    "translate.policy",
                                    "translate.status")),
                    Map.entry(
                            "policy.telemetry",
                            List.of(
                                    "cel",
                                    "engine",
                                    "ir",
                                    "observe",
                                    "resource",
                                    "translate.policy",
                                    "translate.status")),
                    Map.entry("redis", List.of("barrier")),
                    Map.entry("resource", List.of()),
                    Map.entry("route", List.of("ir")),
                    Map.entry("schema", List.of()),
                    Map.entry("server", List.of("barrier", "engine", "http", "http.http2", "net")),
                    Map.entry("source", List.of("resource")),
                    Map.entry("source.file", List.of("observe", "resource", "schema", "source")),
                    Map.entry("source.kubernetes", List.of("observe", "resource", "source")),
                    Map.entry("spring", List.of("barrier", "engine", "http", "ir", "net")),
                    Map.entry(
                            "telemetry",
                            List.of("barrier", "engine", "http", "ir", "observe", "upstream")),
                    Map.entry(
                            "translate",
                            List.of(
                                    "ir",
                                    "resource",
                                    "translate.backend",
                                    "translate.context",
                                    "translate.gateway",
                                    "translate.policy",
                                    "translate.route",
                                    "translate.status")),
                    Map.entry("translate.backend", List.of("ir", "resource")),
                    Map.entry("translate.context", List.of("ir", "resource", "translate.status")),
                    Map.entry(
                            "translate.gateway",
                            List.of("ir", "resource", "translate.context", "translate.status")),
                    Map.entry(
                            "translate.policy",
                            List.of("ir", "resource", "translate.context", "translate.status")),
                    Map.entry(
                            "translate.route",
                            List.of(
                                    "ir",
                                    "resource",
                                    "translate.context",
                                    "translate.gateway",
                                    "translate.status")),
                    Map.entry("translate.status", List.of("resource")),
                    Map.entry(
                            "upstream",
                            List.of("barrier", "http", "http.http2", "ir", "net", "observe")));

    /// Packages that may have more than 30 files: lists of alike things, and two that are still to
    /// be split, which must not grow until then.
    private static final Map<String, Integer> MOST_FILES =
            Map.of("resource", 60, "ir", 60, "upstream", 42, "engine", 33);

    private static final JavaClasses MAIN =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("dev.sluice");

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

    @Test
    void ir_knowsNoLibrary() {
        classes()
                .that()
                .resideInAPackage(BASE + "ir..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "org.jspecify..", BASE + "ir..")
                .check(MAIN);
        fields().that()
                .areDeclaredInClassesThat()
                .resideInAPackage(BASE + "ir..")
                .should()
                .beFinal()
                .check(MAIN);
    }

    @Test
    void controlSide_knowsNoPlatform() {
        noClasses()
                .that()
                .resideInAnyPackage(BASE + "translate..", BASE + "route..", BASE + "resource..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.springframework..", "reactor..", "io.netty..", "io.fabric8..")
                .because("translation and matching are pure functions over our own values")
                .check(MAIN);
    }

    @Test
    void fabric8_staysInItsSource() {
        noClasses()
                .that()
                .resideOutsideOfPackages(BASE + "source.kubernetes..", BASE + "app..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.fabric8..")
                .because("app only makes the client")
                .check(MAIN);
    }

    @Test
    void dataPlane_neverBlocks() {
        noClasses()
                .that()
                .resideOutsideOfPackage(BASE + "source.kubernetes..")
                .should()
                .callMethod(Thread.class, "sleep", long.class)
                .because(
                        "an event loop must not sleep; only the virtual threads that talk to the"
                                + " API server pause between their tries")
                .check(MAIN);
        noClasses()
                .that()
                .resideOutsideOfPackage(BASE + "app..")
                .should()
                .callMethod(reactor.core.publisher.Mono.class, "block")
                .check(MAIN);
    }

    @Test
    void tasksListenersAndThreads_passTheBarrier() {
        DescribedPredicate<JavaCall<?>> tasks =
                calls(EventExecutorGroup.class, "execute", "submit", "schedule")
                        .or(
                                calls(
                                        EventExecutorGroup.class,
                                        "scheduleAtFixedRate",
                                        "scheduleWithFixedDelay"))
                        .or(calls(Executor.class, "execute"))
                        .or(calls(Future.class, "addListener", "addListeners"))
                        .or(calls(Thread.class, "start", "startVirtualThread"))
                        .or(calls(Thread.Builder.class, "start", "factory"));
        noClasses()
                .that()
                .resideOutsideOfPackages(BASE + "barrier..", BASE + "source..")
                .should()
                .callCodeUnitWhere(tasks)
                .because(
                        "what fails there would end a loop or a connection and be seen by nobody;"
                                + " sources have loops of their own, each turn of which is guarded")
                .check(MAIN);
    }

    private static DescribedPredicate<JavaCall<?>> calls(Class<?> owner, String... names) {
        Set<String> methods = Set.of(names);
        return DescribedPredicate.describe(
                owner.getSimpleName() + "." + methods,
                call ->
                        methods.contains(call.getTarget().getName())
                                && call.getTargetOwner().isAssignableTo(owner));
    }

    @Test
    void lowerCase_namesItsLocale() {
        noClasses()
                .should()
                .callMethod(String.class, "toLowerCase")
                .orShould()
                .callMethod(String.class, "toUpperCase")
                .because("the default locale changes what letters become; use Locale.ROOT")
                .check(MAIN);
    }

    @Test
    void names_areTopics() {
        noClasses()
                .should()
                .haveNameMatching(".*(Util|Utils|Helper|Manager|Common|Impl|Base)")
                .because("such a name gathers what nobody owns")
                .check(MAIN);
    }
}
