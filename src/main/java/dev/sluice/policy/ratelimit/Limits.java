package dev.sluice.policy.ratelimit;

import dev.sluice.ir.PolicySection;
import java.util.List;

/// Section `limits`: a request has to pass all of them.
public record Limits(List<Limit> limits) implements PolicySection {

    public Limits {
        limits = List.copyOf(limits);
    }
}
