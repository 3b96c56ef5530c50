package dev.sluice.http;

import dev.sluice.ir.FramingFields;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/// Fields that are meant for one connection only and never forwarded (RFC 9110 7.6.1).
public final class HopByHop {

    private static final AsciiString[] FIELDS =
            FramingFields.OF_CONNECTION.stream()
                    .map(AsciiString::cached)
                    .toArray(AsciiString[]::new);

    /// The same by their length, by which nearly all other fields are distinguished from them.
    private static final AsciiString[][] BY_LENGTH = byLength();

    private HopByHop() {}

    private static AsciiString[][] byLength() {
        int longest = Arrays.stream(FIELDS).mapToInt(AsciiString::length).max().orElse(0);
        return IntStream.rangeClosed(0, longest)
                .mapToObj(length ->
                        Arrays.stream(FIELDS)
                                .filter(field -> field.length() == length)
                                .toArray(AsciiString[]::new))
                .toArray(AsciiString[][]::new);
    }

    /// Whether a field is always one of them, and written from typed values only.
    public static boolean isOfConnection(CharSequence name) {
        if (name.length() >= BY_LENGTH.length) {
            return false;
        }
        for (AsciiString field : BY_LENGTH[name.length()]) {
            if (field.contentEqualsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }

    /// Whether `Connection` holds an option, such as `close`.
    public static boolean hasOption(HttpHeaders headers, CharSequence option) {
        return headers.contains(HttpHeaderNames.CONNECTION)
                && headers.containsValue(HttpHeaderNames.CONNECTION, option, true);
    }

    /// Removes the fields. `TE: trailers` stays, since trailers are forwarded; `Trailer` is an
    /// ordinary field.
    public static void strip(HttpHeaders headers) {
        if (headers.contains(HttpHeaderNames.CONNECTION)) {
            stripNamed(headers, headers.getAll(HttpHeaderNames.CONNECTION));
        }
        for (AsciiString field : FIELDS) {
            headers.remove(field);
        }
        headers.remove(HttpHeaderNames.UPGRADE);
        if (headers.contains(HttpHeaderNames.TE)) {
            boolean trailers = headers.containsValue(HttpHeaderNames.TE, "trailers", true);
            headers.remove(HttpHeaderNames.TE);
            if (trailers) {
                headers.set(HttpHeaderNames.TE, "trailers");
            }
        }
    }

    private static void stripNamed(HttpHeaders headers, List<String> values) {
        if (values.size() == 1 && values.get(0).indexOf(',') < 0) {
            stripNamed(headers, values.get(0).trim());
            return;
        }
        // One walk over the fields, however many options there are.
        Set<String> options = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        for (String value : values) {
            for (String option : value.split(",", -1)) {
                options.add(option.trim());
            }
        }
        for (String name : headers.names()) {
            if (options.contains(name)) {
                stripNamed(headers, name);
            }
        }
    }

    /// Framing and routing are not for the client to take away.
    private static void stripNamed(HttpHeaders headers, String name) {
        if (!name.equalsIgnoreCase("content-length")
                && !name.equalsIgnoreCase("te")
                && !name.equalsIgnoreCase("host")) {
            headers.remove(name);
        }
    }
}
