package dev.sluice.source.file;

import dev.sluice.schema.Admission;
import dev.sluice.schema.KindSchema;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The parents, hostnames and matches that can be read of a route that was refused: without them
/// its requests would go to other routes, which may be open. A match of which nothing can be read
/// takes all requests for the route's hostnames, and none where the route has no hostnames: it must
/// not close what is others'.
final class RouteStandIn {

    private final KindSchema schema;
    private final boolean hasHostnames;

    private RouteStandIn(KindSchema schema, boolean hasHostnames) {
        this.schema = schema;
        this.hasHostnames = hasHostnames;
    }

    /// @param spec of the route, its misspelt names corrected
    /// @return null where it would take no request
    static @Nullable ObjectNode of(KindSchema schema, JsonNode spec) {
        JsonNode parents = schema.fitting("parentRefs", spec.path("parentRefs")).path("parentRefs");
        ArrayNode lower = JsonNodeFactory.instance.arrayNode();
        spec.path("hostnames")
                .forEach(name -> lower.add(name.asString("").toLowerCase(Locale.ROOT)));
        JsonNode hostnames = schema.fitting("hostnames", lower).path("hostnames");
        if (parents.isEmpty() || !lower.isEmpty() && hostnames.isEmpty()) {
            return null;
        }
        ArrayNode rules = new RouteStandIn(schema, !hostnames.isEmpty()).rules(spec.path("rules"));
        if (rules.isEmpty()) {
            return null;
        }
        ObjectNode readable = JsonNodeFactory.instance.objectNode();
        readable.set("parentRefs", parents);
        readable.set("hostnames", hostnames.isEmpty() ? lower : hostnames);
        readable.set("rules", rules);
        return readable;
    }

    private ArrayNode rules(JsonNode written) {
        ArrayNode rules = JsonNodeFactory.instance.arrayNode();
        if (written.isMissingNode()) {
            rules.addObject(); // It takes all requests, as a route without rules does.
        }
        for (JsonNode rule : written) {
            if (rule.isObject() && rule.path("matches").isMissingNode()) {
                add(rules, rule);
                continue;
            }
            ArrayNode matches = JsonNodeFactory.instance.arrayNode();
            for (JsonNode each : rule.path("matches")) {
                ObjectNode match = match(each);
                if (match != null) {
                    matches.add(match);
                } else if (hasHostnames) {
                    matches.addObject();
                }
            }
            if (!matches.isEmpty()) {
                add(rules, rule).set("matches", matches);
            } else if (hasHostnames && !rule.isObject()) {
                rules.addObject();
            }
        }
        return rules;
    }

    private static ObjectNode add(ArrayNode rules, JsonNode written) {
        ObjectNode rule = rules.addObject();
        if (written.path("name").isString()) {
            rule.set("name", written.path("name"));
        }
        return rule;
    }

    /// What can be read of a match; null for nothing.
    private @Nullable ObjectNode match(JsonNode written) {
        ArrayNode rules = JsonNodeFactory.instance.arrayNode();
        rules.addObject().putArray("matches").add(written);
        JsonNode fit = schema.fitting("rules", rules).path("rules").path(0).path("matches").path(0);
        if (!(fit instanceof ObjectNode match)) {
            return null;
        }
        JsonNode path = match.path("path");
        if (path.isObject()
                && !path.path("type").asString("").equals("RegularExpression")
                && !path.path("value").asString("/").startsWith("/")) {
            match.remove("path");
        }
        return takesAll(match) && !isWhole(rules) ? null : match;
    }

    private boolean isWhole(ArrayNode rules) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.putObject("spec").set("rules", rules);
        Admission admission = schema.admit(object);
        return admission.unknown().isEmpty() && admission.isAccepted();
    }

    private static boolean takesAll(ObjectNode match) {
        JsonNode path = match.path("path");
        boolean anyPath =
                path.isMissingNode()
                        || path.path("type").asString("PathPrefix").equals("PathPrefix")
                                && path.path("value").asString("/").equals("/");
        JsonNode method = match.path("method"); // a GRPCRoute's has a service and a method
        boolean anyMethod =
                !method.isString()
                        && method.path("service").isMissingNode()
                        && method.path("method").isMissingNode();
        return anyPath
                && anyMethod
                && match.path("headers").isEmpty()
                && match.path("queryParams").isEmpty();
    }
}
