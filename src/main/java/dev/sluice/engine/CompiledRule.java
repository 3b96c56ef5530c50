package dev.sluice.engine;

import dev.sluice.ir.HttpRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A rule, ready to serve.
///
/// @param id of the rule ([dev.sluice.ir.Origin#id()])
/// @param rule what it was made from
/// @param stages in the order of [FilterOrder]
/// @param targets its backends
/// @param mirrors get copies of its requests
/// @param interceptor runs between the stages and the backend, null for none: the Spring stage
/// @param requestTimeout nanoseconds, 0 for none
/// @param backendTimeout nanoseconds of one try, 0 for none
/// @param stickySessions keeps sessions on one endpoint, null not to
/// @param observer told of the end of each request
/// @param telemetry what else is told of its requests
public record CompiledRule(
        String id,
        HttpRule rule,
        List<Stage> stages,
        Targets targets,
        List<MirrorTarget> mirrors,
        @Nullable ForwardInterceptor interceptor,
        long requestTimeout,
        long backendTimeout,
        @Nullable StickySessions stickySessions,
        Observer observer,
        Telemetry telemetry) {

    public CompiledRule {
        stages = List.copyOf(stages);
        mirrors = List.copyOf(mirrors);
    }
}
