package dev.sluice.engine;

import dev.sluice.ir.AttachedPolicy;
import java.util.Map;

/// Makes what one kind of policy reports of requests, once for each rule that it is in effect for.
public non-sealed interface PolicyTelemetry extends PolicyEffect {

    /// @param sections those that act, by name
    Telemetry telemetry(Map<String, AttachedPolicy> sections);
}
