package dev.sluice.policy.auth.provider;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Whether an identity provider could be asked, the last time that it was.
public final class ProviderHealth {

    private volatile @Nullable Away away;

    /// @param since the first failure after it had answered
    /// @param why the last one
    record Away(Instant since, String why) {}

    /// @return whether it was away until now
    public boolean onSuccess() {
        boolean was = away != null;
        away = null;
        return was;
    }

    /// @return whether it had answered until now
    public boolean onFailure(Exception cause) {
        Away before = away;
        away = new Away(before == null ? Instant.now() : before.since(), cause.toString());
        return before == null;
    }

    @Nullable Away away() {
        return away;
    }
}
