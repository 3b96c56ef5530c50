package dev.sluice.source.file;

import dev.sluice.resource.Kind;
import dev.sluice.resource.Kinds;
import dev.sluice.resource.Resource;
import dev.sluice.source.Decoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Turns the text of a file into objects and problems.
final class Documents {

    private static final YAMLMapper YAML = YAMLMapper.builder().build();

    private Documents() {}

    /// What a file holds.
    ///
    /// @param resources the objects of known kinds
    /// @param problems what could not be read
    /// @param broken whether the file as a whole is not YAML
    record Content(List<Resource> resources, List<Problem> problems, boolean broken) {}

    static Content parse(Path file, String text) {
        List<Resource> resources = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        int number = 0;
        try (MappingIterator<JsonNode> documents =
                YAML.readerFor(JsonNode.class).readValues(text)) {
            while (documents.hasNextValue()) {
                JsonNode document = documents.nextValue();
                number++;
                if (document.isObject()) {
                    object(file, number, (ObjectNode) document, resources, problems);
                } else if (!document.isNull() && !document.isMissingNode()) {
                    problems.add(new Problem(file, number, "not an object"));
                }
            }
        } catch (JacksonException e) {
            problems.add(new Problem(file, 0, syntax(e)));
            return new Content(resources, problems, true);
        }
        return new Content(resources, problems, false);
    }

    private static String syntax(JacksonException e) {
        TokenStreamLocation at = e.getLocation();
        String where = at == null ? "" : "line " + at.getLineNr() + ": ";
        return where + firstLine(e.getOriginalMessage());
    }

    private static String firstLine(@Nullable String text) {
        return text == null ? "not readable" : text.lines().findFirst().orElse("not readable");
    }

    private static void object(
            Path file,
            int number,
            ObjectNode document,
            List<Resource> resources,
            List<Problem> problems) {
        String apiVersion = document.path("apiVersion").asString("");
        String kind = document.path("kind").asString("");
        String name = document.path("metadata").path("name").asString("");
        if (apiVersion.isEmpty() || kind.isEmpty() || name.isEmpty()) {
            problems.add(
                    new Problem(file, number, "apiVersion, kind and metadata.name are required"));
            return;
        }
        int slash = apiVersion.indexOf('/');
        String group = slash < 0 ? "" : apiVersion.substring(0, slash);
        Kind known = Kinds.find(group, kind);
        if (known == null) {
            return; // Other kinds may stand in the same folder.
        }
        ObjectNode metadata = (ObjectNode) document.path("metadata");
        if (!known.namespaced()) {
            metadata.remove("namespace");
        } else if (metadata.path("namespace").asString("").isEmpty()) {
            metadata.put("namespace", "default");
        }
        metadata.put("generation", generation(document));
        try {
            resources.add(Decoder.decode(document, known));
        } catch (JacksonException e) {
            problems.add(new Problem(file, number, kind + " " + name + ": " + field(e)));
        }
    }

    /// A number that changes with the spec, and only with it.
    private static long generation(ObjectNode document) {
        return Integer.toUnsignedLong(document.path("spec").toString().hashCode());
    }

    private static String field(JacksonException e) {
        String path =
                e instanceof DatabindException d
                        ? String.join(
                                ".",
                                d.getPath().stream()
                                        .map(r ->
                                                r.getPropertyName() != null
                                                        ? r.getPropertyName()
                                                        : "[" + r.getIndex() + "]")
                                        .toList())
                        : "";
        return path.replace(".[", "[") + ": " + firstLine(e.getOriginalMessage());
    }
}
