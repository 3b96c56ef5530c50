package dev.sluice.resource;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What all policies have in common. Their sections (`limits`, `jwt`, …) are decoded by the policy
/// that they belong to.
///
/// @param targetRefs what the policy is attached to, in its own namespace
/// @param mode `Enforce`, `Shadow` or `Off`
/// @param defaults sections that more specific policies replace
/// @param overrides sections that replace those of more specific policies
/// @param plain sections that stand in the spec itself, which is another way to write `defaults`
public record PolicySpec(
        List<TargetRef> targetRefs,
        String mode,
        Map<String, Object> defaults,
        Map<String, Object> overrides,
        @JsonAnySetter Map<String, Object> plain) {

    public PolicySpec {
        targetRefs = Defaults.list(targetRefs);
        mode = Defaults.text(mode, "Enforce");
        defaults = Defaults.map(defaults);
        overrides = Defaults.map(overrides);
        plain = Defaults.map(plain);
    }

    /// Sections that more specific policies replace, by name.
    public Map<String, Object> replaceable() {
        Map<String, Object> all = new TreeMap<>(plain);
        all.putAll(defaults);
        return all;
    }

    /// @param sectionName of a rule or listener, null for the whole object
    public record TargetRef(String group, String kind, String name, @Nullable String sectionName) {
        public TargetRef {
            group = Defaults.text(group, "");
        }
    }
}
