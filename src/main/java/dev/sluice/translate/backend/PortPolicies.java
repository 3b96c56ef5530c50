package dev.sluice.translate.backend;

import dev.sluice.ir.AttachedPolicy;
import java.util.List;

/// What is in effect for ports of Services, whatever rule leads there.
public interface PortPolicies {

    /// What is in effect for a port of a Service.
    List<AttachedPolicy> of(BackendPort port);
}
