package dev.sluice.route;

import dev.sluice.ir.ValueMatch;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A compiled condition on a query parameter.
///
/// Names and values are compared in their decoded form (WHATWG URL, form-urlencoded parsing: `+` is
/// a space, an invalid escape is plain text), byte by byte in UTF-8 while reading the raw query, so
/// that nothing is decoded that need not be. Only the first parameter of a name counts.
final class QueryCondition {

    private final ValueMatch match;
    private final byte[] name;
    private final byte[] value;
    private final @Nullable BoundedRegex boundedRegex;

    private QueryCondition(ValueMatch match, @Nullable BoundedRegex boundedRegex) {
        this.match = match;
        this.boundedRegex = boundedRegex;
        name = match.name().getBytes(StandardCharsets.UTF_8);
        value = match.value().getBytes(StandardCharsets.UTF_8);
    }

    /// The conditions that count: of equal names only the first one (HTTPQueryParamMatch).
    static List<QueryCondition> of(List<ValueMatch> matches, RegexCache regexCache) {
        if (matches.isEmpty()) {
            return List.of();
        }
        Set<String> names = new HashSet<>();
        List<QueryCondition> conditions = new ArrayList<>(matches.size());
        for (ValueMatch match : matches) {
            if (names.add(match.name())) {
                conditions.add(new QueryCondition(match, regexCache.valueOf(match)));
            }
        }
        return List.copyOf(conditions);
    }

    ValueMatch match() {
        return match;
    }

    boolean takes(String query) {
        int start = valueStart(query);
        if (start < 0) {
            return false;
        }
        int end = end(query, start);
        return boundedRegex == null
                ? decodesTo(query, start, end, value)
                : boundedRegex.matches(decode(query, start, end));
    }

    /// The decoded value of the first parameter of that name, null if there is none.
    @Nullable String valueIn(String query) {
        int start = valueStart(query);
        return start < 0 ? null : decode(query, start, end(query, start));
    }

    // Where the value of the first parameter of that name starts, -1 if there is none.
    private int valueStart(String query) {
        int end;
        for (int start = 0; start < query.length(); start = end + 1) {
            end = end(query, start);
            int equals = query.indexOf('=', start, end);
            int nameEnd = equals < 0 ? end : equals;
            if (decodesTo(query, start, nameEnd, name)) {
                return Math.min(nameEnd + 1, end);
            }
        }
        return -1;
    }

    private static int end(String query, int start) {
        int ampersand = query.indexOf('&', start);
        return ampersand < 0 ? query.length() : ampersand;
    }

    private static boolean decodesTo(String query, int start, int end, byte[] expected) {
        int i = start;
        for (byte octet : expected) {
            if (i >= end || octetAt(query, i, end) != (octet & 0xFF)) {
                return false;
            }
            i += isEscape(query, i, end) ? 3 : 1;
        }
        return i == end;
    }

    private static String decode(String query, int start, int end) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream(end - start);
        for (int i = start; i < end; i += isEscape(query, i, end) ? 3 : 1) {
            octets.write(octetAt(query, i, end));
        }
        return octets.toString(StandardCharsets.UTF_8);
    }

    // A character stands for the octet that the client sent, as request lines are read in Latin-1.
    private static int octetAt(String query, int i, int end) {
        if (isEscape(query, i, end)) {
            return 16 * Character.digit(query.charAt(i + 1), 16)
                    + Character.digit(query.charAt(i + 2), 16);
        }
        char c = query.charAt(i);
        return c == '+' ? ' ' : c;
    }

    private static boolean isEscape(String query, int i, int end) {
        return query.charAt(i) == '%'
                && i + 2 < end
                && isHex(query.charAt(i + 1))
                && isHex(query.charAt(i + 2));
    }

    private static boolean isHex(char c) {
        return c < 128 && Character.digit(c, 16) >= 0;
    }
}
