package dev.sluice.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.resource.Kind;
import dev.sluice.resource.Kinds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// What the roles of k8s/base permit is what is done, and nothing beyond.
class RbacTest {

    private static final Path RBAC = Path.of("k8s/base/rbac.yaml");

    /// Verbs by resource, as `group/plural`.
    private static Map<String, Set<String>> permitted() throws IOException {
        Map<String, Set<String>> permitted = new TreeMap<>();
        YAMLMapper yaml = YAMLMapper.builder().build();
        for (String document : Files.readString(RBAC).split("\n---\n", -1)) {
            for (JsonNode rule : yaml.readTree(document).path("rules")) {
                for (JsonNode group : rule.path("apiGroups")) {
                    for (JsonNode resource : rule.path("resources")) {
                        Set<String> verbs =
                                permitted.computeIfAbsent(
                                        group.asString() + "/" + resource.asString(),
                                        _ -> new TreeSet<>());
                        rule.path("verbs").forEach(verb -> verbs.add(verb.asString()));
                    }
                }
            }
        }
        return permitted;
    }

    @Test
    void roles_permitWhatIsDone() throws IOException {
        Map<String, Set<String>> done = new TreeMap<>();
        for (Kind kind : Kinds.all()) {
            String resource = kind.group() + "/" + kind.plural();
            Set<String> verbs = new TreeSet<>(Set.of("list", "watch"));
            if (kind.answered()) {
                verbs.add("get"); // after a conflict
                done.put(resource + "/status", Set.of("patch"));
            }
            done.put(resource, verbs);
        }
        for (String own : Set.of("/services", "discovery.k8s.io/endpointslices")) {
            done.computeIfPresent(
                    own,
                    (_, verbs) -> {
                        verbs.addAll(Set.of("create", "patch", "delete"));
                        return verbs;
                    });
        }
        for (String referenced : Set.of("/secrets", "/configmaps")) {
            done.computeIfPresent(
                    referenced,
                    (_, verbs) -> {
                        verbs.add("get"); // one by one
                        return verbs;
                    });
        }
        done.put("coordination.k8s.io/leases", Set.of("create", "get", "update"));
        done.put("/events", Set.of("create"));
        done.computeIfPresent(
                "/configmaps",
                (_, verbs) -> {
                    verbs.addAll(Set.of("create", "update")); // of target ports
                    return verbs;
                });
        assertThat(permitted()).isEqualTo(done);
    }
}
