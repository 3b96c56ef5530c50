package dev.sluice.schema;

import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// What the API server asks of the metadata of any object.
final class MetadataRules {

    private static final int NAME = 253;
    private static final int LABEL = 63;
    private static final String DNS_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private static final Pattern LABEL_NAME = Pattern.compile(DNS_LABEL);
    private static final Pattern SUBDOMAIN = Pattern.compile(DNS_LABEL + "(\\." + DNS_LABEL + ")*");
    private static final Pattern DNS_1035 = Pattern.compile("[a-z]([-a-z0-9]*[a-z0-9])?");
    private static final Pattern QUALIFIED =
            Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?");

    private final List<Violation> violations = new ArrayList<>();

    private MetadataRules() {}

    static List<Violation> check(String kind, JsonNode metadata) {
        MetadataRules rules = new MetadataRules();
        FieldPath path = FieldPath.ROOT.field("metadata");
        rules.name(kind, metadata.path("name"), path.field("name"));
        JsonNode namespace = metadata.path("namespace");
        if (!namespace.isMissingNode()) {
            rules.text(LABEL_NAME, LABEL, namespace, path.field("namespace"), "a DNS label");
        }
        rules.labels(metadata.path("labels"), path.field("labels"));
        rules.annotations(metadata.path("annotations"), path.field("annotations"));
        return rules.violations;
    }

    private void name(String kind, JsonNode name, FieldPath path) {
        switch (kind) {
            case "Service" -> text(DNS_1035, LABEL, name, path, "a DNS label that starts with a-z");
            case "Namespace" -> text(LABEL_NAME, LABEL, name, path, "a DNS label");
            default -> text(SUBDOMAIN, NAME, name, path, "a DNS subdomain in lower case");
        }
    }

    private void text(Pattern pattern, int longest, JsonNode value, FieldPath path, String what) {
        String text = value.asString("");
        if (!value.isString() || text.length() > longest || !pattern.matches(text)) {
            String message = "is not " + what + " of 1 to " + longest + " characters";
            violations.add(Violation.of(path, value, message, "metadata"));
        }
    }

    private void labels(JsonNode labels, FieldPath path) {
        for (Map.Entry<String, JsonNode> label : labels.properties()) {
            key(label.getKey(), path);
            JsonNode value = label.getValue();
            if (!value.isString() || !value.asString().isEmpty()) {
                FieldPath at = path.field(label.getKey());
                text(QUALIFIED, LABEL, value, at, "empty or of A-Z, a-z, 0-9, '-', '_', '.',");
            }
        }
    }

    private void annotations(JsonNode annotations, FieldPath path) {
        for (Map.Entry<String, JsonNode> annotation : annotations.properties()) {
            key(annotation.getKey(), path);
            JsonNode value = annotation.getValue();
            if (!value.isString()) {
                FieldPath at = path.field(annotation.getKey());
                violations.add(Violation.of(at, value, "is not a string; quote it", "metadata"));
            }
        }
    }

    private void key(String key, FieldPath path) {
        int slash = key.indexOf('/');
        String prefix = slash < 0 ? "a" : key.substring(0, slash);
        String name = key.substring(slash + 1);
        if (name.length() > LABEL
                || !QUALIFIED.matches(name)
                || prefix.length() > NAME
                || !SUBDOMAIN.matches(prefix)) {
            violations.add(
                    new Violation(
                            path.field(key),
                            "",
                            "its key is not [DNS subdomain/]name",
                            "metadata"));
        }
    }
}
