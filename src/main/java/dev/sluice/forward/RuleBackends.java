package dev.sluice.forward;

import org.jspecify.annotations.Nullable;

/// The backends of a rule, and how its requests get there.
///
/// @param targets its backends by their shares
/// @param stickySessions keeps sessions on one endpoint, null not to
/// @param timeout nanoseconds of one try, 0 for none
/// @param retryPolicy when a request is sent again
public record RuleBackends(
        Targets targets,
        @Nullable StickySessions stickySessions,
        long timeout,
        UpstreamRetryPolicy retryPolicy) {}
