package dev.sluice.path;

import java.util.List;

/// Prefixes of paths by whole elements, of a condition: `/admin` takes `/admin` and `/admin/x`, not
/// `/administrators`. A trailing slash has no meaning.
public final class PathPrefixes {

    private final String[] prefixes;
    private final FoldedPath[] folded;

    /// @param prefixes as somebody wrote them; normalised as requests' paths are
    public PathPrefixes(List<String> prefixes) {
        this.prefixes = prefixes.stream().map(PathPrefixes::normalised).toArray(String[]::new);
        this.folded =
                prefixes.stream()
                        .map(PathPrefixes::normalised)
                        .map(FoldedPath::of)
                        .toArray(FoldedPath[]::new);
    }

    // A dangerous one stays as it is: no request has such a path.
    private static String normalised(String prefix) {
        return NormalizedPath.of(prefix) instanceof NormalizedPath.Safe(String path)
                ? path
                : prefix;
    }

    /// Whether one of them takes a path whatever backends read it as: then it takes it as it
    /// stands.
    ///
    /// @param path normalised
    public boolean takeAlways(String path) {
        for (String prefix : prefixes) {
            if (takes(prefix, path)) {
                return true;
            }
        }
        return false;
    }

    /// Whether one of them takes a path as any backend may read it.
    public boolean takeInAnyReading(FoldedPath path) {
        for (FoldedPath prefix : folded) {
            if (takes(prefix.first(), path.first()) || takes(prefix.last(), path.last())) {
                return true;
            }
        }
        return false;
    }

    private static boolean takes(String prefix, String path) {
        int length = prefix.endsWith("/") ? prefix.length() - 1 : prefix.length();
        return path.regionMatches(0, prefix, 0, length)
                && (path.length() == length || path.charAt(length) == '/');
    }
}
