package dev.sluice.schema;

import com.networknt.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The schema of one version of a kind.
public final class KindSchema {

    private final String kind;
    private final JsonNode structural;
    private final Schema schema;

    KindSchema(String kind, JsonNode structural) {
        this.kind = kind;
        this.structural = structural;
        this.schema = JsonSchemas.compile(structural);
    }

    /// The structural schema, as in a CustomResourceDefinition.
    public JsonNode structural() {
        return structural;
    }

    /// Takes an object as the API server would. The object given stays as it is. CEL rules are
    /// evaluated on objects that fit their schema only.
    public Admission admit(ObjectNode document) {
        ObjectNode object = document.deepCopy();
        object.remove("status"); // the API server ignores what a user writes there
        JsonNode metadata = object.remove("metadata");
        List<FieldPath> unknown = StructuralSchema.apply(structural, object, FieldPath.ROOT);
        if (metadata != null) {
            object.set("metadata", metadata);
        }
        List<Violation> violations =
                new ArrayList<>(MetadataRules.check(kind, object.path("metadata")));
        violations.addAll(JsonSchemas.check(schema, object));
        if (violations.isEmpty()) {
            violations.addAll(ListTypes.check(structural, object, FieldPath.ROOT));
        }
        if (violations.isEmpty()) {
            violations.addAll(CelCheck.check(structural, object, FieldPath.ROOT));
        }
        return new Admission(object, unknown, hush(violations));
    }

    /// A copy in which fields that are alike to ones of the schema have their names.
    public ObjectNode corrected(ObjectNode document) {
        return (ObjectNode) Spelling.corrected(structural, document);
    }

    /// The field that an unknown one is likely to be meant for; null where none is alike.
    public @Nullable String meant(ObjectNode document, FieldPath unknown) {
        FieldPath parent = unknown.parent();
        return parent != null
                        && unknown.name() != null
                        && parent.of(document) instanceof ObjectNode in
                ? Spelling.meant(parent.ofSchema(structural).path("properties"), in, unknown.name())
                : null;
    }

    /// What of a field of the spec fits the schema: the spec with that field alone, or without it.
    /// CEL rules, and how many elements a list may have, do not count.
    public ObjectNode fitting(String field, JsonNode value) {
        ObjectNode spec = JsonNodeFactory.instance.objectNode();
        spec.set(field, value);
        return fitting(spec);
    }

    /// The same of a spec.
    public ObjectNode fitting(ObjectNode spec) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.set("spec", spec);
        return (ObjectNode) FittingPart.of(this::admit, object).path("spec");
    }

    /// Values of Secrets go nowhere.
    private List<Violation> hush(List<Violation> violations) {
        return kind.equals("Secret")
                ? violations.stream().map(Violation::withoutValue).toList()
                : violations;
    }
}
