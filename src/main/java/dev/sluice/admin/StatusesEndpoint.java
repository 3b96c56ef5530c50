package dev.sluice.admin;

import dev.sluice.control.ControlLoop;
import dev.sluice.resource.ObjectRef;
import dev.sluice.resource.Status;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/// `/actuator/statuses`: what each object is told, as a cluster would write it into its status: why a
/// route is not attached, why a listener is not served.
@Endpoint(id = "statuses")
public final class StatusesEndpoint {

    private final ControlLoop loop;

    public StatusesEndpoint(ControlLoop loop) {
        this.loop = loop;
    }

    /// All, by `Kind namespace/name`.
    @ReadOperation
    public Map<String, Status> all() {
        Map<String, Status> byName = new LinkedHashMap<>();
        loop.applied()
                .statuses()
                .byObject()
                .forEach((ref, status) -> byName.put(ref.toString(), status));
        return byName;
    }

    /// One namespaced object; 404 when we have nothing to say about it.
    @ReadOperation
    public @Nullable Status one(
            @Selector String kind, @Selector String namespace, @Selector String name) {
        for (Map.Entry<ObjectRef, Status> entry : loop.applied().statuses().byObject().entrySet()) {
            ObjectRef ref = entry.getKey();
            if (ref.kind().equalsIgnoreCase(kind)
                    && ref.namespace().equals(namespace)
                    && ref.name().equals(name)) {
                return entry.getValue();
            }
        }
        return null;
    }
}
