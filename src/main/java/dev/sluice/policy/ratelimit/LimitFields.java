package dev.sluice.policy.ratelimit;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;

/// What the fields of a name mean to a limit where there are several. Which of them a backend goes
/// by is not known, so each counts: none is a way around the limit.
final class LimitFields {

    /// What a field may ask for.
    private static final long MOST = 1_000_000_000;

    /// Digits of the longest number that is read.
    private static final int DIGITS = 18;

    private LimitFields() {}

    /// Whether a field is there, with one of some values as a whole or as an element of a list:
    /// fields of a name may be joined by commas on the way (RFC 9110 5.3).
    ///
    /// @param anyOf empty for any value
    static boolean has(HttpHeaders headers, String name, List<String> anyOf) {
        List<String> values = headers.getAll(name);
        return anyOf.isEmpty()
                ? !values.isEmpty()
                : values.stream().anyMatch(value -> anyOf.contains(value) || lists(value, anyOf));
    }

    private static boolean lists(String value, List<String> anyOf) {
        if (value.indexOf(',') < 0) {
            return false;
        }
        for (String element : value.split(",", -1)) {
            if (anyOf.contains(element.strip())) {
                return true;
            }
        }
        return false;
    }

    /// The greatest number of the fields, at most [#MOST].
    ///
    /// @param otherwise what a field counts that holds no number, and what counts where none is
    static long greatest(HttpHeaders headers, String name, long otherwise) {
        long greatest = -1;
        for (String value : headers.getAll(name)) {
            long number = number(value);
            greatest = Math.max(greatest, number < 0 ? otherwise : number);
        }
        return greatest < 0 ? otherwise : greatest;
    }

    /// The number that a text is, -1 when it is none.
    private static long number(String text) {
        if (text.isEmpty() || text.length() > DIGITS) {
            return -1;
        }
        long number = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return Math.min(number, MOST);
    }
}
