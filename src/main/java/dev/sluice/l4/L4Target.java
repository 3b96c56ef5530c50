package dev.sluice.l4;

import dev.sluice.ir.Backend;
import dev.sluice.ir.L4Rule;
import dev.sluice.upstream.Cluster;
import dev.sluice.upstream.WeightedChoice;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A rule, ready to serve.
final class L4Target {

    private final WeightedChoice<Share> shares;

    /// @param cluster null for a reference that does not resolve
    private record Share(int weight, @Nullable Cluster cluster) {}

    /// @param clusters by the id of their upstream
    L4Target(L4Rule rule, Function<String, Cluster> clusters) {
        this.shares =
                new WeightedChoice<>(
                        rule.backends().stream().map(backend -> share(backend, clusters)).toList(),
                        Share::weight);
    }

    private static Share share(Backend backend, Function<String, Cluster> clusters) {
        return switch (backend) {
            case Backend.Forward forward ->
                    new Share(forward.weight(), clusters.apply(forward.upstream()));
            case Backend.Invalid invalid -> new Share(invalid.weight(), null);
        };
    }

    /// The backend of the next connection, null when its share has none.
    @Nullable Cluster pick() {
        Share share = shares.pick();
        return share == null ? null : share.cluster();
    }
}
