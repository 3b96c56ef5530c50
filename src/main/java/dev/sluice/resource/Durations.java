package dev.sluice.resource;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Durations of Gateway API (GEP-2257): `1h`, `500ms`, `1m30s`.
public final class Durations {

    private static final Pattern WHOLE = Pattern.compile("([0-9]{1,5}(h|m|s|ms)){1,4}");
    private static final Pattern PART = Pattern.compile("([0-9]{1,5})(ms|h|m|s)");

    private Durations() {}

    /// @return null when the text is not a duration
    public static @Nullable Duration parse(String text) {
        if (!WHOLE.matcher(text).matches()) {
            return null;
        }
        Duration sum = Duration.ZERO;
        Matcher part = PART.matcher(text);
        while (part.find()) {
            long value = Long.parseLong(part.group(1));
            sum =
                    sum.plus(
                            switch (part.group(2)) {
                                case "h" -> Duration.ofHours(value);
                                case "m" -> Duration.ofMinutes(value);
                                case "s" -> Duration.ofSeconds(value);
                                default -> Duration.ofMillis(value);
                            });
        }
        return sum;
    }
}
