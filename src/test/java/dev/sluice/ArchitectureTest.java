package dev.sluice;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.Future;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

/// What classes of ours may know and call, whatever their package; [PackageMapTest] holds the map.
class ArchitectureTest {

    static final String BASE = "dev.sluice.";

    /// What shall later start without a Spring context.
    private static final List<String> CORE =
            List.of(
                    "ir",
                    "resource",
                    "finding",
                    "schema",
                    "barrier",
                    "digest",
                    "net",
                    "http",
                    "route",
                    "observe",
                    "upstream",
                    "engine",
                    "forward",
                    "server",
                    "telemetry",
                    "filter",
                    "listener",
                    "cel",
                    "redis",
                    "translate",
                    "dataplane",
                    "control",
                    "source");

    static final JavaClasses MAIN =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("dev.sluice");

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
    void core_knowsNoSpring() {
        CORE.forEach(name ->
                noClasses()
                        .that()
                        .resideInAPackage(BASE + name + "..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("org.springframework..", BASE + "spring..")
                        .because(name + " shall start without a Spring context")
                        .check(MAIN));
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
