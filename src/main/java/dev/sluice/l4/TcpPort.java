package dev.sluice.l4;

import dev.sluice.ir.Backend;
import dev.sluice.ir.L4Rule;
import dev.sluice.net.FailedConnection;
import dev.sluice.net.Peers;
import dev.sluice.upstream.Cluster;
import dev.sluice.upstream.WeightedChoice;
import io.netty.channel.Channel;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A bound port's way to the backends of its rule. A connection keeps the backend that it got: a
/// change of rules or weights ends none.
public final class TcpPort {

    private final Consumer<FailedConnection> failures;
    private volatile WeightedChoice<Share> shares = new WeightedChoice<>(List.of(), Share::weight);

    /// @param cluster null for a reference that does not resolve
    private record Share(int weight, @Nullable Cluster cluster) {}

    /// @param failures notified of connections that are not served
    TcpPort(Consumer<FailedConnection> failures) {
        this.failures = failures;
    }

    /// A connection was ended, or not taken, before it was served.
    public void failed(FailedConnection connection) {
        failures.accept(connection);
    }

    /// @param rule null for none: connections are ended
    /// @param clusters by the id of their upstream
    void rule(@Nullable L4Rule rule, Function<String, Cluster> clusters) {
        List<Backend> backends = rule == null ? List.of() : rule.backends();
        shares =
                new WeightedChoice<>(
                        backends.stream().map(backend -> share(backend, clusters)).toList(),
                        Share::weight);
    }

    private static Share share(Backend backend, Function<String, Cluster> clusters) {
        return switch (backend) {
            case Backend.Forward forward ->
                    new Share(forward.weight(), clusters.apply(forward.upstream()));
            case Backend.Invalid invalid -> new Share(invalid.weight(), null);
        };
    }

    /// Serves a client's connection, which reads nothing by itself.
    public void serve(Channel client, Peers peers) {
        Share share = shares.pick();
        if (share == null || share.cluster() == null) {
            client.close();
        } else {
            new TcpProxy(client, peers, share.cluster()).begin();
        }
    }
}
