package dev.sluice.admin;

import dev.sluice.finding.Finding;
import dev.sluice.finding.Place;
import dev.sluice.resource.ObjectRef;
import dev.sluice.resource.Status;
import dev.sluice.resource.Statuses;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import tools.jackson.databind.JsonNode;

/// `/actuator/statuses`: the status of each object, as a cluster would write it: why a route is not
/// attached, why a listener is not served; with the findings of each object and file.
@Endpoint(id = "statuses")
public final class StatusesEndpoint {

    private final Supplier<Statuses> statuses;
    private final Supplier<List<Finding>> findings;

    /// @param statuses what is in effect
    /// @param findings what is wrong with what users wrote
    public StatusesEndpoint(Supplier<Statuses> statuses, Supplier<List<Finding>> findings) {
        this.statuses = statuses;
        this.findings = findings;
    }

    /// A finding as it is shown.
    private record Shown(
            String code,
            String severity,
            String field,
            String value,
            String place,
            String message,
            String action) {

        static Shown of(Finding finding) {
            Place place = finding.place();
            return new Shown(
                    finding.code().id(),
                    finding.severity().name().toLowerCase(Locale.ROOT),
                    finding.field(),
                    finding.value(),
                    place == null ? "" : place.toString(),
                    finding.message(),
                    finding.action());
        }
    }

    /// All, by `Kind namespace/name`, then files by their path.
    @ReadOperation(producesFrom = Format.class)
    public WebEndpointResponse<Object> all(Format format) {
        Map<String, JsonNode> byName = new LinkedHashMap<>();
        Map<ObjectRef, Status> all = statuses.get().byObject();
        Map<ObjectRef, List<Shown>> wrong = byObject();
        TreeSet<ObjectRef> refs = new TreeSet<>(all.keySet());
        refs.addAll(wrong.keySet());
        refs.forEach(ref -> byName.put(ref.toString(), json(all.get(ref), wrong.get(ref))));
        findings.get().stream()
                .filter(finding -> finding.object() == null)
                .collect(
                        Collectors.groupingBy(
                                finding -> finding.place() == null ? "" : finding.place().file(),
                                TreeMap::new,
                                Collectors.mapping(Shown::of, Collectors.toList())))
                .forEach((file, shown) -> byName.put(file, json(null, shown)));
        return format.response(Json.of(byName));
    }

    private Map<ObjectRef, List<Shown>> byObject() {
        Map<ObjectRef, List<Shown>> byObject = new TreeMap<>();
        for (Finding finding : findings.get()) {
            ObjectRef object = finding.object();
            if (object != null) {
                byObject.computeIfAbsent(object, _ -> new ArrayList<>()).add(Shown.of(finding));
            }
        }
        return byObject;
    }

    private static JsonNode json(@Nullable Status status, @Nullable List<Shown> wrong) {
        Map<String, JsonNode> parts = new LinkedHashMap<>();
        if (status != null) {
            Json.of(status).properties().forEach(each -> parts.put(each.getKey(), each.getValue()));
        }
        if (wrong != null) {
            parts.put("findings", Json.of(wrong));
        }
        return Json.of(parts);
    }

    /// One namespaced object; 404 when we have nothing to say about it.
    @ReadOperation(producesFrom = Format.class)
    public @Nullable WebEndpointResponse<Object> one(
            @Selector String kind,
            @Selector String namespace,
            @Selector String name,
            Format format) {
        Map<ObjectRef, Status> all = statuses.get().byObject();
        Map<ObjectRef, List<Shown>> wrong = byObject();
        Set<ObjectRef> refs = new HashSet<>(all.keySet());
        refs.addAll(wrong.keySet());
        for (ObjectRef ref : refs) {
            if (ref.kind().equalsIgnoreCase(kind)
                    && ref.namespace().equals(namespace)
                    && ref.name().equals(name)) {
                return format.response(json(all.get(ref), wrong.get(ref)));
            }
        }
        return null;
    }
}
