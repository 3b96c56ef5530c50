package dev.sluice.source.kubernetes;

import dev.sluice.resource.ObjectRef;
import dev.sluice.resource.Status;
import dev.sluice.source.kubernetes.api.ApiServer;
import dev.sluice.source.kubernetes.event.ObjectEvents;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The write of one status: a patch against the version that was read, so that nobody's change is
/// lost; when somebody was faster, against the newest.
final class StatusPatch {

    private static final int TRIES = 4;

    private final KubernetesSource source;
    private final String controller;
    private final BooleanSupplier leading;
    private final ObjectEvents events;
    private final AtomicLong writes = new AtomicLong();
    private final AtomicLong conflicts = new AtomicLong();

    StatusPatch(
            KubernetesSource source,
            String controller,
            BooleanSupplier leading,
            ObjectEvents events) {
        this.events = events;
        this.source = source;
        this.controller = controller;
        this.leading = leading;
    }

    long writes() {
        return writes.get();
    }

    long conflicts() {
        return conflicts.get();
    }

    boolean differs(LiveObject liveObject, Status status) {
        JsonNode now = StatusWriter.status(liveObject);
        return !merge(now, status).equals(now);
    }

    private ObjectNode merge(JsonNode live, Status status) {
        return new StatusMerge(controller, Instant.now()).merge(live, status);
    }

    void run(ObjectRef ref, LiveObject liveObject, Status status) throws IOException {
        KindWatch<KindStore> watch = source.watch(ref.group(), ref.kind());
        String path = watch.path(ref.namespace(), ref.name());
        String version = liveObject.version();
        JsonNode current = StatusWriter.status(liveObject);
        for (int i = 0; i < TRIES; i++) {
            if (!leading.getAsBoolean()) {
                return;
            }
            ObjectNode merged = merge(current, status);
            if (merged.equals(current)) {
                return;
            }
            ObjectNode patch = JsonNodeFactory.instance.objectNode();
            patch.putObject("metadata").put("resourceVersion", version);
            patch.set("status", withRemovals(current, merged));
            ApiServer.ApiResponse apiResponse =
                    source.server()
                            .send("PATCH", path + "/status", "application/merge-patch+json", patch);
            if (apiResponse.code() == ApiServer.NOT_FOUND) {
                return; // deleted meanwhile
            }
            if (apiResponse.code() != ApiServer.CONFLICT) {
                watch.put(apiResponse.orThrow(ref + " status"));
                writes.incrementAndGet();
                events.changed(liveObject.resource(), current, merged);
                return;
            }
            conflicts.incrementAndGet();
            ApiServer.ApiResponse newest = source.server().get(path);
            if (newest.code() == ApiServer.NOT_FOUND) {
                return;
            }
            JsonNode object = newest.orThrow(ref.toString());
            JsonNode metadata = object.path("metadata");
            if (metadata.path("generation").asLong(0)
                            != liveObject.resource().metadata().generation()
                    || !metadata.path("uid")
                            .asString("")
                            .equals(liveObject.resource().metadata().uid())) {
                return; // our answer is to an older question; the watch brings the new one
            }
            version = metadata.path("resourceVersion").asString("");
            current = object.path("status");
        }
        throw new IOException(ref + ": its status changes faster than it can be written");
    }

    /// A merge patch takes away what is null in it (RFC 7396).
    private static ObjectNode withRemovals(JsonNode current, ObjectNode merged) {
        ObjectNode patch = merged.deepCopy();
        for (String field : current.propertyNames()) {
            if (!merged.has(field)) {
                patch.putNull(field);
            }
        }
        return patch;
    }
}
