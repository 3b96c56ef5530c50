package dev.sluice.source.kubernetes;

import dev.sluice.observe.UnexpectedErrors;
import dev.sluice.source.kubernetes.api.ApiConnections;
import dev.sluice.source.kubernetes.api.ApiServer;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Which replica writes: the holder of the Lease `sluice-leader`.
///
/// A replica leads for a while from the moment it *asked* for a renewal, by its own clock, and
/// takes over when it has *seen* the Lease unchanged for longer than that: so no two lead at once,
/// without clocks that agree. A replica that cannot renew stops leading by itself, and stands
/// again. The Lease has a connection of its own: whatever fills the others does not end a term.
public final class Leadership implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);
    private static final String NAME = "sluice-leader";
    private static final DateTimeFormatter MICRO =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    /// How long others leave the holder of an unchanged Lease alone.
    private static final Duration LEASE = Duration.ofSeconds(4);

    /// How long a renewal counts for the holder itself, and how long it waits for an answer.
    private static final Duration TERM = Duration.ofSeconds(3);

    private static final Duration EVERY = Duration.ofMillis(750);

    private final UnexpectedErrors errors;
    private final KubernetesClient client;
    private final ApiServer server;
    private final @Nullable String namespace;
    private final String identity;
    private volatile long until;
    private volatile boolean leading;
    private volatile boolean closed;
    private volatile Runnable listener = () -> {};
    private volatile BooleanSupplier may = () -> true;
    private @Nullable Thread thread;
    private String seen = "";
    private long seenAt;

    /// @param namespace of the Lease; null where there is one instance only, which leads
    /// @param identity of this replica
    /// @param errors receives unexpected errors
    public Leadership(
            KubernetesClient client,
            @Nullable String namespace,
            String identity,
            UnexpectedErrors errors) {
        this.errors = errors;
        this.client = ApiConnections.another(client);
        this.server = new ApiServer(this.client, TERM);
        this.namespace = namespace;
        this.identity = identity;
    }

    /// @param action run when this replica becomes the leader
    /// @param eligible whether it may become the leader: one without a configuration would write
    ///   nothing, and keep the others from it
    public void start(Runnable action, BooleanSupplier eligible) {
        listener = action;
        may = eligible;
        if (namespace != null) {
            thread = Thread.ofVirtual().name("sluice-leadership").start(this::run);
        }
    }

    /// Whether this replica may write at this moment.
    public boolean isLeading() {
        return namespace == null || leading && System.nanoTime() - until < 0;
    }

    private void run() {
        while (!closed) {
            try {
                lead((leading || may.getAsBoolean()) && stand(), null);
            } catch (IOException e) {
                if (!isLeading()) {
                    lead(false, e.getMessage());
                }
            } catch (Throwable e) {
                errors.report("leadership", e);
            }
            try {
                Thread.sleep(EVERY);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void lead(boolean now, @Nullable String why) {
        boolean before = leading;
        leading = now;
        if (now != before) {
            String reason = why == null ? "" : ": " + why;
            LOG.info("{} {}{}", identity, now ? "leads" : "no longer leads", reason);
        }
        if (now && !before) {
            listener.run();
        }
    }

    /// Takes or renews the Lease if it is free or ours.
    ///
    /// @return whether it is ours now
    private boolean stand() throws IOException {
        long asked = System.nanoTime();
        ApiServer.ApiResponse apiResponse = server.get(path() + "/" + NAME);
        JsonNode lease = null;
        if (apiResponse.code() != ApiServer.NOT_FOUND) {
            lease = apiResponse.orThrow("Lease " + NAME);
            String version = lease.path("metadata").path("resourceVersion").asString("");
            if (!version.equals(seen)) {
                seen = version;
                seenAt = asked;
            }
            String holder = lease.path("spec").path("holderIdentity").asString("");
            boolean free = holder.isEmpty() || asked - seenAt > LEASE.toNanos();
            if (!holder.equals(identity) && !free) {
                return false;
            }
        }
        return write(lease, identity, asked);
    }

    private boolean write(@Nullable JsonNode lease, String holder, long asked) throws IOException {
        ObjectNode next = lease(lease, holder);
        ApiServer.ApiResponse apiResponse =
                lease == null
                        ? server.send("POST", path(), ApiServer.JSON_TYPE, next)
                        : server.send("PUT", path() + "/" + NAME, ApiServer.JSON_TYPE, next);
        if (apiResponse.code() == ApiServer.CONFLICT || apiResponse.code() == ApiServer.NOT_FOUND) {
            return false; // another one was faster
        }
        apiResponse.orThrow("Lease " + NAME);
        until = asked + TERM.toNanos();
        return true;
    }

    private ObjectNode lease(@Nullable JsonNode lease, String holder) {
        String now = MICRO.format(Instant.now());
        ObjectNode next =
                lease instanceof ObjectNode known
                        ? known.deepCopy()
                        : JsonNodeFactory.instance.objectNode();
        next.put("apiVersion", "coordination.k8s.io/v1").put("kind", "Lease");
        next.withObject("metadata").put("name", NAME).put("namespace", namespace);
        ObjectNode spec = next.withObject("spec");
        if (!spec.path("holderIdentity").asString("").equals(holder)) {
            spec.put("acquireTime", now);
            spec.put("leaseTransitions", spec.path("leaseTransitions").asInt(0) + 1);
        }
        return next.set(
                "spec",
                spec.put("holderIdentity", holder)
                        .put("leaseDurationSeconds", LEASE.toSeconds())
                        .put("renewTime", now));
    }

    private String path() {
        return "/apis/coordination.k8s.io/v1/namespaces/" + namespace + "/leases";
    }

    /// Gives the Lease back, so that another replica need not wait for its end.
    @Override
    public void close() {
        closed = true;
        boolean held = namespace != null && isLeading();
        leading = false;
        if (thread != null) {
            thread.interrupt();
            try {
                thread.join(Duration.ofSeconds(2));
                ApiServer.ApiResponse apiResponse = held ? server.get(path() + "/" + NAME) : null;
                if (apiResponse != null && apiResponse.isSuccess() && apiResponse.body() != null) {
                    JsonNode lease = apiResponse.body();
                    if (lease.path("spec").path("holderIdentity").asString("").equals(identity)) {
                        write(lease, "", System.nanoTime());
                    }
                }
            } catch (IOException e) {
                LOG.debug("the Lease was not given back: {}", e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        client.close();
    }
}
