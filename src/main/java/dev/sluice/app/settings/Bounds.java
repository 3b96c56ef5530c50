package dev.sluice.app.settings;

import java.time.Duration;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.util.unit.DataSize;

/// What a setting may be. One that is not is reported by its name, its value and what it may be.
final class Bounds {

    private Bounds() {}

    /// @throws IllegalArgumentException when the value is not from least to most
    static void check(String name, int value, int least, int most) {
        check(name, value, least, most, "" + value, "" + least, "" + most);
    }

    /// @throws IllegalArgumentException when the value is not from least to most
    static void check(String name, Duration value, Duration least, Duration most) {
        check(name, value, least, most, text(value), text(least), text(most));
    }

    /// @throws IllegalArgumentException when the value is not from least to most
    static void check(String name, DataSize value, String least, String most) {
        check(
                name,
                value,
                DataSize.parse(least),
                DataSize.parse(most),
                value.toString(),
                least,
                most);
    }

    private static <T extends Comparable<T>> void check(
            String name, T value, T least, T most, String shown, String from, String to) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    name + " must be " + from + " to " + to + ", was " + shown);
        }
    }

    /// As it is written in a configuration.
    private static String text(Duration value) {
        return value.toMillis() % 1000 == 0
                ? value.toSeconds() + "s"
                : DurationStyle.SIMPLE.print(value);
    }
}
