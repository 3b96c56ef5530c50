package dev.sluice.source;

import dev.sluice.resource.Infrastructure;
import dev.sluice.resource.Statuses;
import java.util.List;

/// Takes what each generation answers.
public interface StatusSink {

    /// @param statuses of the objects that are ours to judge
    /// @param infrastructure what the cluster has to hold; empty outside of one
    void write(Statuses statuses, List<Infrastructure> infrastructure);
}
