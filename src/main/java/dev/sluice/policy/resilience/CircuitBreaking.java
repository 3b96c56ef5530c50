package dev.sluice.policy.resilience;

import dev.sluice.ir.PolicySection;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Section `circuitBreaker`: a backend that fails too often, or is too slow, is left alone for a
/// while.
///
/// @param window what is looked at
/// @param minCalls fewer in the window decide nothing, at least 1
/// @param failureRate percent of calls that may fail, above 0 to 100; at it the circuit opens
/// @param slow how many calls may be slow, null not to look at that
/// @param open how long nothing is sent
/// @param halfOpenCalls how many try then whether it is good again, at least 1
/// @param fallback the answer while it is open
public record CircuitBreaking(
        Window window,
        int minCalls,
        float failureRate,
        @Nullable Slow slow,
        Duration open,
        int halfOpenCalls,
        Fallback fallback)
        implements PolicySection {

    /// The last calls, or those of the last seconds.
    ///
    /// @param type which of the two
    /// @param size calls, or seconds; at least 1
    public record Window(WindowType type, int size) {

        public static final Window DEFAULT = new Window(WindowType.COUNT, 100);

        /// What `size` counts.
        public enum WindowType {
            COUNT,
            TIME
        }
    }

    /// @param percent of calls that may be slow, above 0 to 100; at it the circuit opens
    /// @param above what is slow: the time to the head of the response
    public record Slow(float percent, Duration above) {}

    /// @param status 200 to 599
    /// @param body text, empty for a line that says why
    /// @param contentType of a body that is not empty
    /// @param backend whose response takes the place of this one, null for none
    public record Fallback(
            int status, String body, String contentType, @Nullable ServicePort backend) {

        public static final Fallback DEFAULT =
                new Fallback(503, "", "text/plain; charset=utf-8", null);
    }

    @Override
    public @Nullable ServicePort diversion() {
        return fallback.backend();
    }

    @Override
    public String text() {
        String last =
                window.type() == Window.WindowType.COUNT
                        ? "of the last " + window.size() + " calls"
                        : "of the calls in " + window.size() + " s";
        String slowly =
                slow == null
                        ? ""
                        : ", or " + percent(slow.percent()) + " take over " + slow.above();
        String elsewhere = fallback.backend() == null ? "" : ", then goes to " + fallback.backend();
        return "opens for "
                + open
                + " when "
                + percent(failureRate)
                + " "
                + last
                + " fail"
                + slowly
                + elsewhere;
    }

    static String percent(float value) {
        return String.format(Locale.ROOT, value % 1 == 0 ? "%.0f %%" : "%s %%", value);
    }

    @Override
    public boolean restricts() {
        return false;
    }
}
