package dev.sluice.observe;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;

/// The request timers of all rules. Rules beyond a bound share one set of series: what a cluster's
/// users write must not fill the memory of the scraper. Called by one thread at a time.
public final class RequestMeters {

    private final MeterRegistry registry;
    private final int most;
    private final RuleMeters none;
    private final RuleMeters other;
    private final Map<String, RuleMeters> byRule = new HashMap<>();

    /// @param most rules with series of their own
    public RequestMeters(MeterRegistry registry, int most) {
        this.registry = registry;
        this.most = most;
        this.none = new RuleMeters(registry, "none");
        this.other = new RuleMeters(registry, "other");
    }

    /// Of requests that no rule takes.
    public RuleMeters unrouted() {
        return none;
    }

    /// @param rule the id of a rule
    public RuleMeters of(String rule) {
        RuleMeters known = byRule.get(rule);
        if (known == null && byRule.size() >= most) {
            return other;
        }
        return known != null
                ? known
                : byRule.computeIfAbsent(rule, id -> new RuleMeters(registry, id));
    }

    /// Removes the series of a rule that is gone.
    public void remove(String rule) {
        RuleMeters gone = byRule.remove(rule);
        if (gone != null) {
            gone.close();
        }
    }
}
