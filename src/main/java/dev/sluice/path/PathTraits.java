package dev.sluice.path;

/// What in a normalised path backends read in several ways, as a set of bits.
public final class PathTraits {

    /// `%2F` or `%5C`.
    static final int SEPARATORS = 1;

    /// `;`.
    static final int PARAMETERS = 2;

    /// `%3B`.
    static final int ENCODED_PARAMETERS = 4;

    /// A dot at the end of an element, or of what an element may be to a backend.
    static final int DOTS = 8;

    /// Letters with a lower case of their own.
    public static final int LETTERS = 16;

    static final int ALL = 31;

    private PathTraits() {}

    /// The traits of a path; 0 of most.
    ///
    /// @param path normalised
    public static int of(String path) {
        int traits = 0;
        boolean dot = false;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '%' && i + 2 < path.length()) {
                int trait = ofEscape(path.charAt(i + 1), path.charAt(i + 2));
                traits |= trait | (dot && ends(trait) ? DOTS : 0);
                i += 2;
            } else if (c == ';') {
                traits |= PARAMETERS | (dot ? DOTS : 0);
            } else if (c == '/') {
                traits |= dot ? DOTS : 0;
            } else if (c >= 'A' && c <= 'Z') {
                traits |= LETTERS;
            }
            dot = c == '.';
        }
        return dot ? traits | DOTS : traits;
    }

    private static boolean ends(int trait) {
        return trait == SEPARATORS || trait == ENCODED_PARAMETERS;
    }

    /// Whether path parameters or separators are in it that not all backends see.
    public static boolean hasHidden(int traits) {
        return (traits & (SEPARATORS | PARAMETERS | ENCODED_PARAMETERS)) != 0;
    }

    private static int ofEscape(char high, char low) {
        return switch (high) {
            case '2' -> low == 'F' ? SEPARATORS : 0;
            case '3' -> low == 'B' ? ENCODED_PARAMETERS : 0;
            case '5' -> low == 'C' ? SEPARATORS : 0;
            case '0', '1', '4', '6', '7' -> 0;
            default -> LETTERS; // part of a character that is not ASCII, which may have a case
        };
    }
}
