package dev.sluice.source.kubernetes.event;

import dev.sluice.source.kubernetes.api.ApiServer;
import io.fabric8.kubernetes.client.KubernetesClient;

/// Events of our own pod, for operators.
public final class PodEvents {

    private final EventWriter writer;
    private final EventWriter.Involved pod;

    /// @param uid of the pod; empty when it is not known
    public PodEvents(KubernetesClient client, String namespace, String pod, String uid) {
        this.writer = new EventWriter(new ApiServer(client));
        this.pod = new EventWriter.Involved("v1", "Pod", namespace, pod, uid);
    }

    /// Reports something that needs attention.
    ///
    /// @param reason one word in upper camel case
    public void warn(String reason, String message) {
        writer.write(pod, "Warning", reason, message);
    }
}
