package dev.sluice.engine;

import dev.sluice.ir.HttpRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A rule, ready to serve.
///
/// @param id of the rule ([dev.sluice.ir.Origin#id()])
/// @param rule what it was made from
/// @param stages in the order of [FilterOrder]
/// @param interceptor runs between the stages and the backend, null for none: the Spring stage
/// @param forwarder the way to its backends and mirrors
/// @param requestTimeout nanoseconds, 0 for none
/// @param reporting who is notified of its requests
public record CompiledRule(
        String id,
        HttpRule rule,
        List<Stage> stages,
        @Nullable ForwardInterceptor interceptor,
        Forwarder forwarder,
        long requestTimeout,
        Reporting reporting) {

    public CompiledRule {
        stages = List.copyOf(stages);
    }
}
