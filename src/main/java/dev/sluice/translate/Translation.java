package dev.sluice.translate;

import dev.sluice.finding.Finding;
import dev.sluice.ir.Configuration;
import dev.sluice.resource.DesiredInfrastructure;
import dev.sluice.resource.Statuses;
import java.util.List;
import java.util.Map;

/// The outcome of a translation.
///
/// @param configuration what to serve
/// @param statuses what to answer
/// @param findings what is wrong with what users wrote
/// @param infrastructure what the cluster has to hold; empty outside of one
/// @param targetPorts what the record of target ports has to hold; empty outside of a cluster
/// @param rejected how many routes or listeners are not served as they were written
public record Translation(
        Configuration configuration,
        Statuses statuses,
        List<Finding> findings,
        List<DesiredInfrastructure> infrastructure,
        Map<String, Integer> targetPorts,
        int rejected) {

    public Translation {
        findings = List.copyOf(findings);
        infrastructure = List.copyOf(infrastructure);
        targetPorts = Map.copyOf(targetPorts);
    }
}
