package dev.sluice.schema;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// The schemas that come with Sluice: the Gateway API's, trimmed, our own
/// CustomResourceDefinitions, and what matters of the core kinds. Each is read when it is first
/// asked for.
public final class Schemas {

    private static final String FOLDER = "/schemas/";
    private static final YAMLMapper YAML = YAMLMapper.builder().build();
    private static final Schemas BUNDLED = new Schemas();

    private final Map<String, Optional<KindVersions>> byKind = new ConcurrentHashMap<>();

    private Schemas() {}

    public static Schemas bundled() {
        return BUNDLED;
    }

    /// The versions of a kind that are served.
    public static final class KindVersions {
        private final String kind;
        private final Map<String, JsonNode> structural;
        private final Map<String, KindSchema> compiled = new ConcurrentHashMap<>();

        private KindVersions(String kind, Map<String, JsonNode> structural) {
            this.kind = kind;
            this.structural = structural;
        }

        /// The names, such as `v1`.
        public Set<String> names() {
            return structural.keySet();
        }

        /// One version, null when there is no such.
        public @Nullable KindSchema find(String version) {
            JsonNode schema = structural.get(version);
            return schema == null
                    ? null
                    : compiled.computeIfAbsent(version, _ -> new KindSchema(kind, schema));
        }
    }

    /// The versions of a kind, null when it is unknown.
    ///
    /// @param group API group, empty for core
    public @Nullable KindVersions find(String group, String kind) {
        return byKind.computeIfAbsent(group + "/" + kind, _ -> read(group, kind)).orElse(null);
    }

    private static Optional<KindVersions> read(String group, String kind) {
        String name = (group.isEmpty() ? "core" : group) + "/" + kind;
        JsonNode trimmed = resource(name + ".json");
        JsonNode versions = trimmed == null ? ownVersions(group, kind) : trimmed.path("versions");
        if (versions == null) {
            return Optional.empty();
        }
        Map<String, JsonNode> byName = new LinkedHashMap<>();
        versions.properties()
                .forEach(version -> {
                    JsonNode schema = version.getValue();
                    JsonNode twin = schema.isString() ? versions.path(schema.asString()) : schema;
                    byName.put(version.getKey(), twin);
                });
        return Optional.of(new KindVersions(kind, byName));
    }

    /// From our own CustomResourceDefinitions, which are in the jar as they are in `k8s/crds`.
    private static @Nullable JsonNode ownVersions(String group, String kind) {
        JsonNode index = resource("crds/kustomization.yaml");
        if (index == null) {
            return null;
        }
        for (JsonNode file : index.path("resources")) {
            JsonNode crd = resource("crds/" + file.asString());
            JsonNode spec = crd == null ? YAML.createObjectNode() : crd.path("spec");
            if (spec.path("group").asString("").equals(group)
                    && spec.path("names").path("kind").asString("").equals(kind)) {
                var versions = YAML.createObjectNode();
                for (JsonNode version : spec.path("versions")) {
                    JsonNode schema = version.path("schema").path("openAPIV3Schema");
                    versions.set(version.path("name").asString(), schema);
                }
                return versions;
            }
        }
        return null;
    }

    private static @Nullable JsonNode resource(String name) {
        try (InputStream in = Schemas.class.getResourceAsStream(FOLDER + name)) {
            return in == null ? null : YAML.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
