package dev.sluice.policy.resilience;

import dev.sluice.ir.PolicySection;
import java.time.Duration;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// Section `faults`: what goes wrong on purpose, to see how clients bear it.
///
/// @param delay before a request is sent, null for none
/// @param abort an answer in place of the backend's, null for none
/// @param onlyWhenHeader name in lower case of a header field without which nothing goes wrong,
///   null for all requests
public record Faults(@Nullable Delay delay, @Nullable Abort abort, @Nullable String onlyWhenHeader)
        implements PolicySection {

    /// @param fixed more than zero, at most an hour
    /// @param percent of the requests, above 0 to 100
    public record Delay(Duration fixed, float percent) {}

    /// @param status 200 to 599
    /// @param percent of the requests, above 0 to 100
    public record Abort(int status, float percent) {}

    @Override
    public String text() {
        StringJoiner text = new StringJoiner(", ");
        if (delay != null) {
            text.add(CircuitBreaking.percent(delay.percent()) + " wait " + delay.fixed());
        }
        if (abort != null) {
            text.add(CircuitBreaking.percent(abort.percent()) + " get " + abort.status());
        }
        return onlyWhenHeader == null ? text.toString() : text + ", with " + onlyWhenHeader;
    }

    @Override
    public boolean restricts() {
        return false;
    }
}
