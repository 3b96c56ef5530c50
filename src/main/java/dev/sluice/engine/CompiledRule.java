package dev.sluice.engine;

import dev.sluice.ir.HttpRule;
import org.jspecify.annotations.Nullable;

/// A rule, ready to serve.
///
/// @param id of the rule ([dev.sluice.ir.Origin#id()])
/// @param rule what it was made from
/// @param stages of its filters and policies
/// @param interceptor runs between the stages and the backend, null for none: the Spring stage
/// @param forwarder the way to its backends and mirrors
/// @param requestTimeout nanoseconds, 0 for none
/// @param reporting who is notified of its requests
public record CompiledRule(
        String id,
        HttpRule rule,
        StageChain stages,
        @Nullable ForwardInterceptor interceptor,
        Forwarder forwarder,
        long requestTimeout,
        Reporting reporting) {}
