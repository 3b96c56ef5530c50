package dev.sluice.admin;

import dev.sluice.resource.ObjectRef;
import dev.sluice.resource.Status;
import dev.sluice.resource.Statuses;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/// `/actuator/statuses`: what each object is told, as a cluster would write it into its status: why
/// a route is not attached, why a listener is not served.
@Endpoint(id = "statuses")
public final class StatusesEndpoint {

    private final Supplier<Statuses> statuses;

    /// @param statuses what is in effect
    public StatusesEndpoint(Supplier<Statuses> statuses) {
        this.statuses = statuses;
    }

    /// All, by `Kind namespace/name`.
    @ReadOperation(producesFrom = Format.class)
    public WebEndpointResponse<Object> all(Format format) {
        Map<String, Status> byName = new LinkedHashMap<>();
        new TreeMap<>(statuses.get().byObject())
                .forEach((ref, status) -> byName.put(ref.toString(), status));
        return format.response(Json.of(byName));
    }

    /// One namespaced object; 404 when we have nothing to say about it.
    @ReadOperation(producesFrom = Format.class)
    public @Nullable WebEndpointResponse<Object> one(
            @Selector String kind,
            @Selector String namespace,
            @Selector String name,
            Format format) {
        for (Map.Entry<ObjectRef, Status> entry : statuses.get().byObject().entrySet()) {
            ObjectRef ref = entry.getKey();
            if (ref.kind().equalsIgnoreCase(kind)
                    && ref.namespace().equals(namespace)
                    && ref.name().equals(name)) {
                return format.response(Json.of(entry.getValue()));
            }
        }
        return null;
    }
}
