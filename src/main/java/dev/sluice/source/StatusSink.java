package dev.sluice.source;

import dev.sluice.resource.DesiredInfrastructure;
import dev.sluice.resource.Statuses;
import java.util.List;
import java.util.Map;

/// Takes what each generation answers.
public interface StatusSink {

    /// What the record of target ports has to hold. Comes before the infrastructure that rests on
    /// it.
    ///
    /// @param byKey of Gateways and their ports
    default void allocate(Map<String, Integer> byKey) {}

    /// @param statuses of the objects that are ours to judge
    /// @param infrastructure what the cluster has to hold; empty outside of one
    void write(Statuses statuses, List<DesiredInfrastructure> infrastructure);
}
