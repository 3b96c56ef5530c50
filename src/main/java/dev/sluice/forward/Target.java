package dev.sluice.forward;

import dev.sluice.engine.Guard;
import dev.sluice.engine.StageChain;
import dev.sluice.upstream.Cluster;
import org.jspecify.annotations.Nullable;

/// Where a share of a rule's requests goes, ready to serve.
public sealed interface Target {

    int weight();

    /// A backend with the stages of its own filters.
    ///
    /// @param guard watches over it, null for none
    /// @param fallback gets what the guard sends elsewhere, null for none
    record ToCluster(
            int weight,
            Cluster backend,
            StageChain stages,
            @Nullable Guard guard,
            @Nullable Cluster fallback)
            implements Target {}

    /// A reference that does not resolve.
    record DirectResponse(int weight, int status, String message) implements Target {}
}
