package dev.sluice;

import static dev.sluice.ArchitectureTest.BASE;
import static dev.sluice.ArchitectureTest.MAIN;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Circles of classes: groups in which each knows each other, if only by way of a third, so that
/// none is understood or moved alone. A nested class counts as its top-level class; that a sealed
/// type names its variants makes no circle.
class ClassCirclesTest {

    private static final int MOST = 3;

    /// Circles that stay, with the reason. Each is written as its package and its classes, in the
    /// order of the alphabet.
    private static final Map<String, String> KEPT =
            Map.ofEntries(
                    Map.entry(
                            "engine: Exchange, Telemetry",
                            "a rule's telemetry describes the exchange that carries it"),
                    Map.entry(
                            "http.http2: Http2Endpoint, Http2StreamHandler",
                            "a stream writes on its connection, which notifies it"),
                    Map.entry(
                            "listener: BoundPort, ListenerSniHandler, ProtocolDetector",
                            "the first handlers are built by the port and build by it"),
                    Map.entry(
                            "policy.ratelimit: Lease, Waiter",
                            "a lease answers those who wait, and they give it up"),
                    Map.entry(
                            "path: NormalizedPath, PathSpelling", "the slow way to make the value"),
                    Map.entry(
                            "route: PathIndex, ReadingIndex",
                            "an index makes one of its other readings when it is asked for it"),
                    Map.entry("route: RouteTable, TableCompiler", "the way to make the value"),
                    Map.entry(
                            "server: Http1ServerConnection, Http1ServerStream",
                            "stream and connection give each other back"),
                    Map.entry(
                            "server: Http2ServerConnection, Http2ServerStream",
                            "stream and connection give each other back"),
                    Map.entry("source.file: Manifest, ManifestReader", "the way to make the value"),
                    Map.entry(
                            "source.kubernetes: KubernetesSource, PortRecord",
                            "the source keeps its record by its own client"),
                    Map.entry(
                            "translate.backend: BackendPort, BackendUse, Dependencies",
                            "a use records the port that it leads to"),
                    Map.entry(
                            "translate.policy: EffectivePolicy, PolicyState",
                            "a policy gives its sections, which report to it"),
                    Map.entry(
                            "upstream.health: EndpointHealthCheck, HealthChecker",
                            "the checker makes the checks, which follow its policy"),
                    Map.entry(
                            "upstream.health: OutlierDetector, OutlierState",
                            "the state reports to the detector, which ejects it"),
                    Map.entry(
                            "upstream.pool: Http1ClientConnection, Http1ClientStream, Http1Pool",
                            "stream, connection and pool give each other back"),
                    Map.entry(
                            "upstream.pool: Http2ClientConnection, Http2ClientStream, Http2Pool",
                            "stream, connection and pool give each other back"));

    /// Circles that are still to be cut, in the same form. One that is smaller by now is listed
    /// anew, and one that is gone is struck out.
    private static final Set<String> TO_BE_CUT =
            Set.of(
                    // Small, but for a static function in the wrong class.
                    "source.kubernetes: StatusPatch, StatusWriter");

    @Test
    void circles_areThoseThatAreListed() {
        Set<String> listed = new TreeSet<>(KEPT.keySet());
        listed.addAll(TO_BE_CUT);
        assertThat(circles()).isEqualTo(listed);
    }

    @Test
    void circlesThatStay_areSmall_andWithinOnePackage() {
        assertThat(KEPT.keySet())
                .allSatisfy(circle -> {
                    assertThat(circle.split(";")).as("packages").hasSize(1);
                    assertThat(circle.split(",")).as("classes").hasSizeLessThanOrEqualTo(MOST);
                });
    }

    private static Set<String> circles() {
        Map<String, Set<String>> known = new HashMap<>();
        MAIN.forEach(one ->
                known.computeIfAbsent(name(one), _ -> new HashSet<>()).addAll(dependencies(one)));
        Map<String, Set<String>> reached = new HashMap<>();
        known.keySet().forEach(name -> reached.put(name, reachable(name, known)));
        Set<String> circles = new TreeSet<>();
        reached.forEach((name, others) -> {
            Set<String> circle = new TreeSet<>(others);
            circle.removeIf(other -> !reached.getOrDefault(other, Set.of()).contains(name));
            if (!circle.isEmpty()) {
                circles.add(text(circle));
            }
        });
        return circles;
    }

    /// All classes to which a way leads: the class itself only by way of another.
    private static Set<String> reachable(String from, Map<String, Set<String>> known) {
        Set<String> reached = new HashSet<>();
        Deque<String> next = new ArrayDeque<>(known.getOrDefault(from, Set.of()));
        while (!next.isEmpty()) {
            String name = next.pop();
            if (reached.add(name)) {
                next.addAll(known.getOrDefault(name, Set.of()));
            }
        }
        return reached;
    }

    private static Set<String> dependencies(JavaClass from) {
        return from.getDirectDependenciesFromSelf().stream()
                .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                .filter(to -> to.getPackageName().startsWith("dev.sluice"))
                .map(ClassCirclesTest::name)
                .filter(to -> !to.equals(name(from)))
                .collect(Collectors.toSet());
    }

    private static String name(JavaClass of) {
        String name = of.getName();
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }

    private static String text(Set<String> circle) {
        Map<String, List<String>> packages = new TreeMap<>();
        for (String name : circle) {
            int at = name.lastIndexOf('.');
            packages.computeIfAbsent(name.substring(BASE.length(), at), _ -> new ArrayList<>())
                    .add(name.substring(at + 1));
        }
        return packages.entrySet().stream()
                .map(one -> one.getKey() + ": " + String.join(", ", one.getValue()))
                .collect(Collectors.joining("; "));
    }
}
