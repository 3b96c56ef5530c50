/// TelemetryPolicy: spans, access log and counts of the requests of a rule.
@NullMarked
package dev.sluice.policy.telemetry;

import org.jspecify.annotations.NullMarked;
