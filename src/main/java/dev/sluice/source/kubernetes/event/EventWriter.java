package dev.sluice.source.kubernetes.event;

import dev.sluice.source.kubernetes.api.ApiServer;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Writes events of the core API. One that cannot be written is logged: what it says is in a log or
/// a status anyway.
final class EventWriter {

    private static final Logger LOG = LoggerFactory.getLogger(EventWriter.class);

    /// The API server's limit of a message.
    private static final int LONGEST = 1024;

    /// For objects without a namespace.
    private static final String DEFAULT_NAMESPACE = "default";

    private final ApiServer server;
    private final AtomicLong count = new AtomicLong();

    EventWriter(ApiServer server) {
        this.server = server;
    }

    /// What an event is about.
    ///
    /// @param namespace empty for none
    record Involved(String apiVersion, String kind, String namespace, String name, String uid) {}

    /// @param type `Normal` or `Warning`
    /// @param reason one word in upper camel case
    void write(Involved of, String type, String reason, String message) {
        Instant now = Instant.now();
        String namespace = of.namespace().isEmpty() ? DEFAULT_NAMESPACE : of.namespace();
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        event.put("apiVersion", "v1").put("kind", "Event");
        String unique =
                Long.toHexString(now.toEpochMilli()) + Long.toHexString(count.incrementAndGet());
        event.putObject("metadata")
                .put("name", of.name() + "." + unique)
                .put("namespace", namespace);
        ObjectNode involved = event.putObject("involvedObject");
        involved.put("apiVersion", of.apiVersion()).put("kind", of.kind());
        if (!of.namespace().isEmpty()) {
            involved.put("namespace", of.namespace());
        }
        involved.put("name", of.name()).put("uid", of.uid());
        String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
        event.put("type", type)
                .put("reason", reason)
                .put("message", message.substring(0, Math.min(LONGEST, message.length())))
                .put("count", 1)
                .put("firstTimestamp", time)
                .put("lastTimestamp", time);
        event.putObject("source").put("component", "sluice");
        try {
            server.send(
                            "POST",
                            "/api/v1/namespaces/" + namespace + "/events",
                            ApiServer.JSON_TYPE,
                            event)
                    .orThrow("event " + reason);
        } catch (IOException e) {
            LOG.warn("no event was written: {}", e.getMessage());
        }
    }
}
