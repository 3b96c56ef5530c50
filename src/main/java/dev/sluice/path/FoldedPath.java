package dev.sluice.path;

import dev.sluice.path.PathReading.Parameters;

/// A path in the readings that take most away: whatever one reading shows of a path, these show,
/// too. There are two, as what hides a separator behind a `;` depends on what is read first.
///
/// That a prefix takes a path in any reading is the same as that it takes it in one of these, with
/// the prefix read in the same way: each reading turns an element into elements, whatever stands
/// beside it, so that it keeps prefixes.
///
/// @param first path parameters are dropped before separators are decoded
/// @param last path parameters are dropped after separators were decoded
public record FoldedPath(String first, String last) {

    private static final PathReading FIRST =
            new PathReading(true, Parameters.DROPPED_FIRST, true, true, true);
    private static final PathReading LAST =
            new PathReading(true, Parameters.DROPPED_LAST, true, true, true);

    /// @param path normalised
    public static FoldedPath of(String path) {
        return PathTraits.of(path) == 0
                ? new FoldedPath(path, path)
                : new FoldedPath(FIRST.read(path), LAST.read(path));
    }
}
