package dev.sluice.forward;

import dev.sluice.upstream.WeightedChoice;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The weighted backends of a rule.
public final class Targets {

    private final WeightedChoice<Target> targets;

    public Targets(List<? extends Target> targets) {
        this.targets = new WeightedChoice<>(targets, Target::weight);
    }

    /// The backend with the endpoint of a session, whatever its share: a session outlives a change
    /// of weights (GEP-1619). Null when it is gone.
    @Nullable Target holding(String token) {
        for (Target target : targets.values()) {
            if (target instanceof Target.ToCluster(_, var backend, _, _, _)
                    && backend.withToken(token) != null) {
                return target;
            }
        }
        return null;
    }

    /// A backend by its share; null when no backend has a weight above 0.
    public @Nullable Target pick() {
        return targets.pick();
    }
}
