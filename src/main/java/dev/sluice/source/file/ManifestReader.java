package dev.sluice.source.file;

import dev.sluice.finding.Finding;
import dev.sluice.finding.FindingCode;
import dev.sluice.finding.Place;
import dev.sluice.resource.Kind;
import dev.sluice.resource.Kinds;
import dev.sluice.resource.ObjectRef;
import dev.sluice.resource.Resource;
import dev.sluice.schema.Admission;
import dev.sluice.schema.FieldPath;
import dev.sluice.schema.KindSchema;
import dev.sluice.schema.Schemas;
import dev.sluice.schema.Violation;
import dev.sluice.source.Decoder;
import dev.sluice.source.IgnoredFields;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Reads one [Manifest].
final class ManifestReader {

    private static final YAMLMapper YAML =
            YAMLMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    private final String text;
    private final boolean strict;
    private final List<Resource> resources = new ArrayList<>();
    private final List<ObjectRef> rejected = new ArrayList<>();
    private final List<Resource> standIns = new ArrayList<>();
    private final List<Finding> findings = new ArrayList<>();
    private final List<String> otherKinds = new ArrayList<>();
    private final Map<ObjectRef, Manifest.ObjectPointer> pointers = new HashMap<>();
    private @Nullable FieldLines lines;
    private int document = -1;

    /// @param strict whether an object with an unknown field is not taken
    ManifestReader(String text, boolean strict) {
        this.text = text;
        this.strict = strict;
    }

    Manifest read() {
        boolean broken = !documents();
        return new Manifest(resources, rejected, standIns, findings, otherKinds, broken, pointers);
    }

    private boolean documents() {
        try (MappingIterator<JsonNode> all = YAML.readerFor(JsonNode.class).readValues(text)) {
            while (all.hasNextValue()) {
                JsonNode value = all.nextValue();
                if (value.isNull() || value.isMissingNode()) {
                    continue;
                }
                document++;
                if (value instanceof ObjectNode object) {
                    object(object, "");
                } else {
                    report(FindingCode.INCOMPLETE_OBJECT, null, line(""), "", "not an object");
                }
            }
            return true;
        } catch (JacksonException e) {
            // What a Secret holds goes nowhere.
            YamlProblem problem = YamlProblem.of(e, !text.contains("Secret"));
            report(FindingCode.UNREADABLE_DOCUMENT, null, problem.line(), "", problem.message());
            return false;
        }
    }

    private static String firstLine(@Nullable String message) {
        return message == null ? "not readable" : message.lines().findFirst().orElse("");
    }

    /// @param object null where the text is none
    private void report(
            FindingCode code, @Nullable ObjectRef object, int line, String field, String message) {
        Place place = new Place("", line, 0);
        findings.add(
                (object == null
                                ? Finding.ofFile(code, place, message)
                                : Finding.at(code, object, field, message))
                        .at(place));
    }

    /// At which line each field of a text stands; none where it is no YAML.
    static FieldLines lines(String text) {
        return new FieldLines(YAML, text);
    }

    private int line(String pointer) {
        FieldLines found = lines;
        if (found == null) {
            found = lines(text);
            lines = found;
        }
        return found.of(document, pointer);
    }

    /// @param pointer where the object stands in its document
    private void object(ObjectNode object, String pointer) {
        String apiVersion = object.path("apiVersion").asString("");
        String name = object.path("kind").asString("");
        if (apiVersion.equals("v1") && name.equals("List")) {
            for (int i = 0; i < object.path("items").size(); i++) {
                if (object.path("items").get(i) instanceof ObjectNode item) {
                    object(item, pointer + "/items/" + i);
                }
            }
            return;
        }
        if (apiVersion.isEmpty()
                || name.isEmpty()
                || object.path("metadata").path("name").asString("").isEmpty()) {
            report(
                    FindingCode.INCOMPLETE_OBJECT,
                    null,
                    line(pointer),
                    "",
                    "apiVersion, kind and metadata.name are required");
            return;
        }
        int slash = apiVersion.indexOf('/');
        String group = slash < 0 ? "" : apiVersion.substring(0, slash);
        Schemas.KindVersions kindVersions = Schemas.bundled().find(group, name);
        if (kindVersions == null) {
            otherKinds.add(group.isEmpty() ? name : group + "/" + name);
            return; // Other kinds may stand in the same folder.
        }
        ObjectRef ref = reference(group, name, (ObjectNode) object.path("metadata"));
        pointers.put(ref, new Manifest.ObjectPointer(document, pointer));
        KindSchema schema = kindVersions.find(apiVersion.substring(slash + 1));
        if (schema == null) {
            report(
                    FindingCode.UNKNOWN_VERSION,
                    ref,
                    line(pointer + "/apiVersion"),
                    "apiVersion",
                    "\"%s\" is not one of %s/%s"
                            .formatted(apiVersion, group, kindVersions.names()));
            refuse(ref, kindVersions.find(kindVersions.names().iterator().next()), object);
            return;
        }
        admit(schema, object, ref, pointer);
    }

    /// Completes the metadata.
    private static ObjectRef reference(String group, String name, ObjectNode metadata) {
        Kind kind = Kinds.find(group, name);
        if (kind != null && !kind.namespaced()) {
            metadata.remove("namespace");
        } else if (metadata.path("namespace").asString("").isEmpty()) {
            metadata.put("namespace", "default");
        }
        String namespace = metadata.path("namespace").asString("");
        return new ObjectRef(group, name, namespace, metadata.path("name").asString());
    }

    /// The last finding says why.
    private void refuse(ObjectRef ref, @Nullable KindSchema schema, ObjectNode object) {
        rejected.add(ref);
        Kind kind = Kinds.find(ref.group(), ref.kind());
        if (schema == null || kind == null) {
            return;
        }
        Finding why = findings.getLast();
        String field = why.field().isEmpty() ? "" : why.field() + ": ";
        Resource standIn = StandIn.of(kind, schema, object, field + why.message());
        if (standIn != null) {
            standIns.add(standIn);
        }
    }

    private void admit(KindSchema schema, ObjectNode object, ObjectRef ref, String pointer) {
        Admission admission = schema.admit(object);
        for (FieldPath field : admission.unknown()) {
            String meant = schema.meant(object, field);
            report(
                    FindingCode.UNKNOWN_FIELD,
                    ref,
                    line(pointer + field.pointer()),
                    field.toString(),
                    meant == null ? "unknown field" : "unknown field; " + meant + " may be meant");
            if (!strict) {
                findings.add(findings.removeLast().asWarning());
            }
        }
        for (Violation violation : admission.violations()) {
            report(
                    FindingCode.INVALID_VALUE,
                    ref,
                    line(pointer + violation.path().pointer()),
                    violation.path().toString(),
                    violation.text());
        }
        if (!admission.isAccepted() || strict && !admission.unknown().isEmpty()) {
            refuse(ref, schema, object);
            return;
        }
        Kind kind = Kinds.find(ref.group(), ref.kind());
        if (kind == null) {
            otherKinds.add(ref.group() + "/" + ref.kind());
            return;
        }
        ObjectNode accepted = admission.object();
        List<String> idle = IgnoredFields.fields(kind, accepted);
        if (!idle.isEmpty()) {
            report(
                    FindingCode.FIELD_WITHOUT_EFFECT,
                    ref,
                    line(pointer),
                    "",
                    IgnoredFields.message(idle));
        }
        ((ObjectNode) accepted.path("metadata")).put("generation", generation(object));
        try {
            resources.add(Decoder.decode(accepted, kind, object));
        } catch (JacksonException e) {
            report(
                    FindingCode.INVALID_VALUE,
                    ref,
                    line(pointer),
                    "",
                    firstLine(e.getOriginalMessage()));
            refuse(ref, schema, object);
        }
    }

    /// A number that changes with the spec, and only with it.
    private static long generation(ObjectNode document) {
        return Integer.toUnsignedLong(document.path("spec").hashCode());
    }
}
