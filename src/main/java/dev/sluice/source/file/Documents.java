package dev.sluice.source.file;

import dev.sluice.resource.Kind;
import dev.sluice.resource.Kinds;
import dev.sluice.resource.ObjectRef;
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

    private final Path file;
    private final List<Resource> resources = new ArrayList<>();
    private final List<ObjectRef> unreadable = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    private Documents(Path file) {
        this.file = file;
    }

    /// What a file holds.
    ///
    /// @param resources the objects of known kinds
    /// @param unreadable objects that are there but cannot be read
    /// @param problems what is wrong
    /// @param broken whether the file as a whole is not YAML
    record Content(
            List<Resource> resources,
            List<ObjectRef> unreadable,
            List<Problem> problems,
            boolean broken) {}

    static Content parse(Path file, String text) {
        Documents documents = new Documents(file);
        boolean broken = !documents.read(text);
        return new Content(documents.resources, documents.unreadable, documents.problems, broken);
    }

    private boolean read(String text) {
        try (MappingIterator<JsonNode> all = YAML.readerFor(JsonNode.class).readValues(text)) {
            while (all.hasNextValue()) {
                TokenStreamLocation at = all.currentLocation();
                int line = at == null ? 0 : at.getLineNr();
                JsonNode document = all.nextValue();
                if (document instanceof ObjectNode object) {
                    object(line, object);
                } else if (!document.isNull() && !document.isMissingNode()) {
                    problems.add(new Problem(file, line, "not an object"));
                }
            }
            return true;
        } catch (JacksonException e) {
            TokenStreamLocation at = e.getLocation();
            int line = at == null ? 0 : at.getLineNr();
            problems.add(new Problem(file, line, firstLine(e.getOriginalMessage())));
            return false;
        }
    }

    private static String firstLine(@Nullable String text) {
        return text == null ? "not readable" : text.lines().findFirst().orElse("not readable");
    }

    private void object(int line, ObjectNode document) {
        String apiVersion = document.path("apiVersion").asString("");
        String name = document.path("kind").asString("");
        JsonNode named = document.path("metadata").path("name");
        if (apiVersion.isEmpty() || name.isEmpty() || named.asString("").isEmpty()) {
            String message = "apiVersion, kind and metadata.name are required";
            problems.add(new Problem(file, line, message));
            return;
        }
        int slash = apiVersion.indexOf('/');
        Kind kind = Kinds.find(slash < 0 ? "" : apiVersion.substring(0, slash), name);
        if (kind == null) {
            return; // Other kinds may stand in the same folder.
        }
        ObjectNode metadata = (ObjectNode) document.path("metadata");
        if (!kind.namespaced()) {
            metadata.remove("namespace");
        } else if (metadata.path("namespace").asString("").isEmpty()) {
            metadata.put("namespace", "default");
        }
        metadata.put("generation", generation(document));
        ObjectRef ref =
                new ObjectRef(
                        kind.group(),
                        kind.name(),
                        metadata.path("namespace").asString(""),
                        named.asString());
        try {
            resources.add(Decoder.decode(document, kind));
            for (String field : Decoder.unknownFields(document, kind)) {
                problems.add(new Problem(file, line, ref + ": " + field + ": unknown field"));
            }
        } catch (JacksonException e) {
            unreadable.add(ref);
            problems.add(new Problem(file, line, ref + ": " + field(e)));
        }
    }

    /// A number that changes with the spec, and only with it.
    private static long generation(ObjectNode document) {
        return Integer.toUnsignedLong(document.path("spec").toString().hashCode());
    }

    private static String field(JacksonException e) {
        StringBuilder path = new StringBuilder();
        if (e instanceof DatabindException bind) {
            for (JacksonException.Reference part : bind.getPath()) {
                if (part.getPropertyName() == null) {
                    path.append('[').append(part.getIndex()).append(']');
                } else {
                    path.append(path.isEmpty() ? "" : ".").append(part.getPropertyName());
                }
            }
        }
        return path + ": " + firstLine(e.getOriginalMessage());
    }
}
