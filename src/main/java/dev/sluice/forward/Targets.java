package dev.sluice.forward;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// The weighted backends of a rule. Each request draws on its own, so that the shares hold over
/// connections and event loops.
public final class Targets {

    private final Target[] targets;
    private final long[] upTo;
    private final long total;

    public Targets(List<? extends Target> targets) {
        this.targets = targets.toArray(Target[]::new);
        this.upTo = new long[this.targets.length];
        long sum = 0;
        for (int i = 0; i < upTo.length; i++) {
            sum += this.targets[i].weight();
            upTo[i] = sum;
        }
        this.total = sum;
    }

    /// The backend with the endpoint of a session, whatever its share: a session outlives a change
    /// of weights (GEP-1619). Null when it is gone.
    @Nullable Target holding(String token) {
        for (Target target : targets) {
            if (target instanceof Target.ToCluster(_, var backend, _, _, _)
                    && backend.withToken(token) != null) {
                return target;
            }
        }
        return null;
    }

    /// A backend by its share; null when no backend has a weight above 0.
    public @Nullable Target pick() {
        if (total == 0) {
            return null;
        }
        if (targets.length == 1) {
            return targets[0];
        }
        long draw = ThreadLocalRandom.current().nextLong(total);
        int i = 0;
        while (draw >= upTo[i]) {
            i++;
        }
        return targets[i];
    }
}
