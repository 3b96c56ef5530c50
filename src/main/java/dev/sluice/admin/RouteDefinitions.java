package dev.sluice.admin;

import dev.sluice.resource.Gateway;
import dev.sluice.resource.GatewayFilter;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.cloud.gateway.filter.FilterDefinition;
import org.springframework.cloud.gateway.handler.predicate.PredicateDefinition;
import tools.jackson.databind.JsonNode;

/// Writes a Spring Cloud Gateway route definition as the objects that mean the same: an HTTPRoute,
/// a Service that leads to its `uri`, and a GatewayFilter for each filter.
final class RouteDefinitions {

    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    private final String namespace;
    private final String name;
    private final List<Object> documents = new ArrayList<>();
    private final List<String> hostnames = new ArrayList<>();
    private final List<String> methods = new ArrayList<>();
    private final List<Map<String, Object>> paths = new ArrayList<>();
    private final List<Map<String, Object>> headers = new ArrayList<>();
    private final List<Map<String, Object>> query = new ArrayList<>();

    private RouteDefinitions(String namespace, String name) {
        this.namespace = namespace;
        this.name = name;
    }

    /// Whether a text is such a definition, rather than an object of Kubernetes.
    static boolean is(JsonNode document) {
        return !document.has("apiVersion") && document.has("uri");
    }

    /// @param gateway that the route attaches to
    /// @return documents in the order route, service, filters
    /// @throws IllegalArgumentException with the field and its value when there is no such object
    static List<Object> objects(
            JsonNode definition, String namespace, String name, Gateway gateway) {
        RouteDefinitions definitions = new RouteDefinitions(namespace, name);
        definitions.write(definition, gateway);
        return definitions.documents;
    }

    private void write(JsonNode definition, Gateway gateway) {
        if (definition.path("order").asInt(0) != 0) {
            throw new IllegalArgumentException(
                    "order: routes are ranked by the Gateway API's precedence; leave it out");
        }
        for (JsonNode predicate : definition.path("predicates")) {
            predicate(
                    predicate.isString()
                            ? new PredicateDefinition(predicate.asString())
                            : predicate(predicate));
        }
        Map<String, Object> parent = new LinkedHashMap<>();
        parent.put("name", gateway.name());
        parent.put("namespace", gateway.namespace());
        Map<String, Object> rule = new LinkedHashMap<>();
        rule.put("matches", matches());
        rule.put("filters", filters(definition.path("filters")));
        rule.put("backendRefs", List.of(Map.of("name", name, "port", HTTP)));
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("parentRefs", List.of(parent));
        spec.put("hostnames", hostnames);
        spec.put("rules", List.of(rule));
        documents.addFirst(object(Gateway.GROUP + "/v1", "HTTPRoute", name, spec, Map.of()));
        service(definition.path("uri").asString(""));
    }

    private static PredicateDefinition predicate(JsonNode written) {
        PredicateDefinition predicate = new PredicateDefinition();
        predicate.setName(written.path("name").asString(""));
        predicate.setArgs(args(written.path("args")));
        return predicate;
    }

    private static Map<String, String> args(JsonNode written) {
        Map<String, String> args = new LinkedHashMap<>();
        written.properties().forEach(each -> args.put(each.getKey(), each.getValue().asString()));
        return args;
    }

    private void predicate(PredicateDefinition predicate) {
        List<String> values = List.copyOf(predicate.getArgs().values());
        switch (String.valueOf(predicate.getName())) {
            case "Path" -> values.forEach(pattern -> paths.add(path(pattern)));
            case "Host" ->
                    values.forEach(host -> hostnames.add(host.replaceFirst("^\\*\\*\\.", "*.")));
            case "Method" -> methods.addAll(values);
            case "Header" -> headers.add(condition(values));
            case "Query" -> query.add(condition(values));
            default ->
                    throw new IllegalArgumentException(
                            "predicates: \""
                                    + predicate.getName()
                                    + "\" is not one of Path, Host, Method, Header, Query");
        }
    }

    private static Map<String, Object> path(String pattern) {
        boolean prefix = pattern.endsWith("/**");
        String plain = prefix ? pattern.substring(0, pattern.length() - 3) : pattern;
        if (plain.matches("[^*{}?]*")) {
            String value = plain.isEmpty() ? "/" : plain;
            return Map.of("type", prefix ? "PathPrefix" : "Exact", "value", value);
        }
        if (plain.contains("**") || plain.contains("?")) {
            throw new IllegalArgumentException("predicates: Path: \"" + pattern + "\" is too wild");
        }
        String expression = plain.replaceAll("\\{[^/}]*}|\\*", "[^/]+") + (prefix ? "(/.*)?" : "");
        return Map.of("type", "RegularExpression", "value", expression);
    }

    private static Map<String, Object> condition(List<String> values) {
        String expression = values.size() > 1 ? values.get(1) : ".*";
        return Map.of("name", values.getFirst(), "type", "RegularExpression", "value", expression);
    }

    /// Alternatives of paths and methods.
    private List<Object> matches() {
        List<Object> matches = new ArrayList<>();
        for (Map<String, Object> path : paths.isEmpty() ? List.of(path("/**")) : paths) {
            for (String method : methods.isEmpty() ? List.of("") : methods) {
                Map<String, Object> match = new LinkedHashMap<>();
                match.put("path", path);
                if (!method.isEmpty()) {
                    match.put("method", method);
                }
                match.put("headers", headers);
                match.put("queryParams", query);
                matches.add(match);
            }
        }
        return matches;
    }

    private List<Object> filters(JsonNode written) {
        List<Object> filters = new ArrayList<>();
        for (JsonNode each : written) {
            String object = name + "-" + filters.size();
            Map<String, Object> spec = new LinkedHashMap<>();
            if (each.isString()) {
                FilterDefinition filter = new FilterDefinition(each.asString());
                spec.put("factory", filter.getName());
                spec.put("args", filter.getArgs());
            } else {
                spec.put("factory", each.path("name").asString(""));
                spec.put("args", each.path("args").isObject() ? each.path("args") : Map.of());
            }
            documents.add(
                    object(
                            GatewayFilter.GROUP + "/v1alpha1",
                            "GatewayFilter",
                            object,
                            spec,
                            Map.of()));
            Map<String, String> reference =
                    Map.of("group", GatewayFilter.GROUP, "kind", "GatewayFilter", "name", object);
            filters.add(Map.of("type", "ExtensionRef", "extensionRef", reference));
        }
        return filters;
    }

    private void service(String text) {
        URI uri = URI.create(text);
        boolean tls = "https".equals(uri.getScheme());
        if (uri.getHost() == null || !tls && !"http".equals(uri.getScheme())) {
            throw new IllegalArgumentException(
                    "uri: \"" + text + "\" is not of the form http[s]://host[:port]");
        }
        int port = uri.getPort() > 0 ? uri.getPort() : tls ? HTTPS : HTTP;
        Map<String, Object> spec = Map.of("ports", List.of(Map.of("port", HTTP)));
        Map<String, String> annotation = Map.of("sluice.dev/endpoints", uri.getHost() + ":" + port);
        documents.add(1, object("v1", "Service", name, spec, annotation));
        if (tls) {
            Map<String, Object> validation =
                    Map.of("wellKnownCACertificates", "System", "hostname", uri.getHost());
            Map<String, Object> target = Map.of("group", "", "kind", "Service", "name", name);
            documents.add(
                    object(
                            Gateway.GROUP + "/v1",
                            "BackendTLSPolicy",
                            name,
                            Map.of("targetRefs", List.of(target), "validation", validation),
                            Map.of()));
        }
    }

    private Object object(
            String apiVersion,
            String kind,
            String object,
            Map<String, Object> spec,
            Map<String, String> annotations) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("name", object);
        metadata.put("namespace", namespace);
        metadata.put("annotations", annotations);
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("apiVersion", apiVersion);
        document.put("kind", kind);
        document.put("metadata", metadata);
        document.put("spec", spec);
        return document;
    }
}
