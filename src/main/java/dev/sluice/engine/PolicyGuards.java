package dev.sluice.engine;

import dev.sluice.ir.AttachedPolicy;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes the guards of one kind of policy, once for each backend of each rule.
public non-sealed interface PolicyGuards extends PolicyEffect {

    /// @param sections those that act on the backend, by name
    /// @param upstream id of the backend
    /// @return null where none of them asks for one
    @Nullable Guard guard(Map<String, AttachedPolicy> sections, String upstream);
}
