package dev.sluice.filter;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// Origins (RFC 6454) that a CORS filter allows: exact ones, patterns whose host begins with a star
/// that stands for any number of labels, or all.
final class OriginPatterns {

    private final boolean any;
    private final Set<String> exact = new HashSet<>();
    private final List<Pattern> patterns;

    OriginPatterns(List<String> origins) {
        any = origins.contains("*");
        List<String> normalised = origins.stream().map(OriginPatterns::normalise).toList();
        normalised.stream().filter(origin -> origin.indexOf('*') < 0).forEach(exact::add);
        patterns =
                normalised.stream()
                        .filter(origin -> origin.indexOf('*') >= 0)
                        .map(OriginPatterns::pattern)
                        .toList();
    }

    boolean isAny() {
        return any;
    }

    boolean matches(String origin) {
        if (any) {
            return true;
        }
        String normalised = normalise(origin);
        return exact.contains(normalised)
                || patterns.stream().anyMatch(pattern -> pattern.matcher(normalised).matches());
    }

    private static Pattern pattern(String origin) {
        int star = origin.indexOf('*');
        return Pattern.compile(
                Pattern.quote(origin.substring(0, star))
                        + "[a-z0-9._-]+"
                        + Pattern.quote(origin.substring(star + 1)));
    }

    /// Lower case, and without the scheme's own port.
    private static String normalise(String origin) {
        String lower = origin.toLowerCase(Locale.ROOT);
        String port = lower.startsWith("https:") ? ":443" : ":80";
        return lower.endsWith(port) ? lower.substring(0, lower.length() - port.length()) : lower;
    }
}
