package dev.sluice.source.kubernetes.event;

import dev.sluice.source.kubernetes.api.ApiServer;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Events at our own pod, as `kubectl describe pod` shows them.
public final class PodEvents {

    private static final Logger LOG = LoggerFactory.getLogger(PodEvents.class);

    /// The API server's limit of a message.
    private static final int LONGEST = 1024;

    private final ApiServer server;
    private final String namespace;
    private final String pod;
    private final String uid;

    /// @param uid of the pod; empty when it is not known
    public PodEvents(KubernetesClient client, String namespace, String pod, String uid) {
        this.server = new ApiServer(client);
        this.namespace = namespace;
        this.pod = pod;
        this.uid = uid;
    }

    /// Tells of something that needs attention. What cannot be told is logged: it is in the log
    /// anyway.
    ///
    /// @param reason one word in upper camel case
    public void warn(String reason, String message) {
        Instant now = Instant.now();
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        event.put("apiVersion", "v1").put("kind", "Event");
        event.putObject("metadata")
                .put("name", pod + "." + Long.toHexString(now.toEpochMilli()))
                .put("namespace", namespace);
        event.putObject("involvedObject")
                .put("apiVersion", "v1")
                .put("kind", "Pod")
                .put("namespace", namespace)
                .put("name", pod)
                .put("uid", uid);
        String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
        event.put("type", "Warning")
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
