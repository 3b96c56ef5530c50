package dev.sluice.engine;

import dev.sluice.ir.AttachedPolicy;
import java.util.List;
import java.util.Map;

/// Makes the stages of one kind of policy, once for each rule that it is in effect for.
public non-sealed interface PolicyStages extends PolicyEffect {

    /// @param sections those that act, by name; none of them is
    ///   [dev.sluice.ir.PolicySection.Unusable]
    List<Stage> stages(Map<String, AttachedPolicy> sections);

    /// Where a section acts.
    FilterOrder order(String section);
}
