package dev.sluice.source.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfig;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Which replica writes: the holder of the Lease `sluice-leader`.
public final class Leadership implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);
    private static final Duration LEASE = Duration.ofSeconds(10);
    private static final Duration RENEW = Duration.ofSeconds(7);
    private static final Duration RETRY = Duration.ofSeconds(2);

    private final @Nullable LeaderElector elector;
    private @Nullable CompletableFuture<?> running;
    private volatile boolean leading;
    private volatile Runnable listener = () -> {};

    /// @param namespace of the Lease; null where there is one instance only, which leads
    /// @param identity of this replica
    public Leadership(KubernetesClient client, @Nullable String namespace, String identity) {
        leading = namespace == null;
        elector =
                namespace == null
                        ? null
                        : client.leaderElector()
                                .withConfig(
                                        new LeaderElectionConfig(
                                                new LeaseLock(namespace, "sluice-leader", identity),
                                                LEASE,
                                                RENEW,
                                                RETRY,
                                                new LeaderCallbacks(
                                                        () -> lead(true),
                                                        () -> lead(false),
                                                        leader -> LOG.info("leader: {}", leader)),
                                                true,
                                                "sluice"))
                                .build();
    }

    /// @param action run when this replica becomes the leader
    public void start(Runnable action) {
        listener = action;
        if (elector != null) {
            running = elector.start();
        }
    }

    private void lead(boolean now) {
        leading = now;
        if (now) {
            listener.run();
        }
    }

    public boolean isLeading() {
        return leading;
    }

    @Override
    public void close() {
        leading = false;
        if (running != null) {
            running.cancel(true); // gives the Lease back
        }
    }
}
