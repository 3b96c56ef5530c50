package dev.sluice.path;

import java.util.ArrayList;
import java.util.List;

/// A way in which a backend may read a normalised path, other than as it stands. Backends differ;
/// each has one way, which it takes for all paths.
///
/// @param separators whether `%2F` and `%5C` separate elements
/// @param parameters when what follows a `;` in an element is dropped
/// @param encoded whether `%3B` is a `;` then
/// @param dots whether dots at the end of an element are dropped
/// @param letters whether upper and lower case are the same
public record PathReading(
        boolean separators, Parameters parameters, boolean encoded, boolean dots, boolean letters) {

    /// Path parameters (RFC 3986 3.3).
    public enum Parameters {
        KEPT,
        /// Before separators are decoded.
        DROPPED_FIRST,
        /// After separators were decoded.
        DROPPED_LAST
    }

    /// Beyond so many ways to read it, a path is refused where they make a difference: what mixes
    /// all of these is no path that a client of good will sends, and each way costs a search.
    private static final int MOST = 16;

    private static final List<List<PathReading>> BY_TRAITS = byTraits();

    private static List<List<PathReading>> byTraits() {
        List<List<PathReading>> byTraits = new ArrayList<>();
        for (int traits = 0; traits <= PathTraits.ALL; traits++) {
            List<PathReading> readings = new ArrayList<>();
            for (PathReading one : all()) {
                if (one.traits() != 0 && (one.traits() & ~traits) == 0) {
                    readings.add(one);
                }
            }
            byTraits.add(List.copyOf(readings));
        }
        return List.copyOf(byTraits);
    }

    private static List<PathReading> all() {
        List<PathReading> all = new ArrayList<>();
        for (int bits = 0; bits < 16; bits++) {
            boolean separators = (bits & 1) != 0;
            boolean encoded = (bits & 2) != 0;
            boolean dots = (bits & 4) != 0;
            boolean letters = (bits & 8) != 0;
            for (Parameters parameters : Parameters.values()) {
                boolean kept = parameters == Parameters.KEPT;
                if (!(kept && encoded) && (separators || parameters != Parameters.DROPPED_LAST)) {
                    all.add(new PathReading(separators, parameters, encoded, dots, letters));
                }
            }
        }
        return all;
    }

    /// The ways in which a path with these traits can be read otherwise than as it stands.
    ///
    /// @param traits as of [PathTraits#of]
    public static List<PathReading> of(int traits) {
        return BY_TRAITS.get(traits);
    }

    /// Whether a path with these traits can be read in more ways than are looked at.
    public static boolean isBeyond(int traits) {
        return BY_TRAITS.get(traits).size() > MOST;
    }

    /// The traits of paths that are read otherwise.
    public int traits() {
        int dropped =
                parameters == Parameters.KEPT
                        ? 0
                        : encoded ? PathTraits.ENCODED_PARAMETERS : PathTraits.PARAMETERS;
        return dropped
                | (separators ? PathTraits.SEPARATORS : 0)
                | (dots ? PathTraits.DOTS : 0)
                | (letters ? PathTraits.LETTERS : 0);
    }

    /// The path that the backend sees.
    ///
    /// @param path normalised
    public String read(String path) {
        String text = path;
        if (parameters == Parameters.DROPPED_FIRST) {
            text = PathElements.withoutParameters(text, encoded);
        }
        if (separators) {
            text = text.replace("%2F", "/").replace("%5C", "/");
        }
        if (parameters == Parameters.DROPPED_LAST) {
            text = PathElements.withoutParameters(text, encoded);
        }
        if (dots) {
            text = PathElements.withoutLastDots(text);
        }
        if (letters) {
            text = LetterCase.folded(text);
        }
        return PathElements.merged(text);
    }
}
