package dev.sluice.policy.resilience;

import dev.sluice.ir.PolicySection;

/// Section `bulkhead`: a slow backend gets no more than its share of what is in flight.
///
/// @param parallel requests that it works on at a time, on each replica; at least 1
public record Bulkhead(int parallel) implements PolicySection {

    @Override
    public String text() {
        return "at most " + parallel + " requests at a time";
    }
}
