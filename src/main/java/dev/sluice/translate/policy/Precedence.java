package dev.sluice.translate.policy;

import dev.sluice.ir.PolicySection;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Which policy of a kind decides on each section for one rule, backend or port of a Service.
///
/// Levels are offered in the order in which they decide: `overrides` from the least specific place
/// on, then the others from the most specific one on. The first level that has a section of a group
/// decides on the whole group: what lower levels say of it has no effect, whatever their mode.
final class Precedence {

    private final PolicyKind kind;
    private final boolean ofServices;
    private final List<PolicyTarget> places;
    private final Map<String, Level> byGroup = new HashMap<>();
    private final Map<String, EffectivePolicy> bySection = new TreeMap<>();

    /// Sections of a policy that are in effect from a place, or not at all.
    private record Level(PolicyState policy, PolicyTarget place, boolean overriding) {}

    /// @param ofServices whether sections for ports of Services are wanted, or the others
    /// @param places where policies may be attached, the most specific one first
    Precedence(PolicyKind kind, boolean ofServices, List<PolicyTarget> places) {
        this.kind = kind;
        this.ofServices = ofServices;
        this.places = places;
    }

    void overrides(PolicyState policy, PolicyTarget place) {
        offer(new Level(policy, place, true), policy.decoded().overrides());
    }

    void defaults(PolicyState policy, PolicyTarget place) {
        offer(new Level(policy, place, false), policy.decoded().defaults());
    }

    private void offer(Level level, Map<String, PolicySection> sections) {
        for (String name : sections.keySet()) {
            if (kind.isOfServices(name) == ofServices && !kind.isCombiner(name)) {
                byGroup.putIfAbsent(kind.group(name), level);
            }
        }
        sections.forEach((name, value) -> {
            if (kind.isOfServices(name) == ofServices) {
                Level decides = byGroup.get(kind.group(name));
                if (level.equals(decides)) {
                    bySection.put(name, level.policy().attach(name, value, level.place()));
                } else if (decides != null && isAbove(decides, level)) {
                    level.policy().overridden(name, decides.policy());
                }
            }
        });
    }

    /// Whether a level decides because it overrides what is at least as specific.
    private boolean isAbove(Level decides, Level level) {
        return decides.overriding()
                && places.indexOf(decides.place()) >= places.indexOf(level.place());
    }

    /// What is in effect, by the names of sections.
    Collection<EffectivePolicy> inEffect() {
        return bySection.values();
    }
}
