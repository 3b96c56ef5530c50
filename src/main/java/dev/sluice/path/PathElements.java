package dev.sluice.path;

/// Changes of the elements of a normalised path.
final class PathElements {

    private PathElements() {}

    /// The path without what follows a `;` in its elements.
    ///
    /// @param encoded whether `%3B` is one, too
    static String withoutParameters(String path, boolean encoded) {
        StringBuilder text = new StringBuilder(path.length());
        boolean dropping = false;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '/') {
                dropping = false;
            } else if (c == ';' || encoded && path.startsWith("%3B", i)) {
                dropping = true;
            }
            if (!dropping) {
                text.append(c);
            }
        }
        return text.toString();
    }

    /// The path without dots at the end of its elements.
    static String withoutLastDots(String path) {
        StringBuilder text = new StringBuilder(path.length());
        int named = 0;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '/') {
                text.setLength(named);
            }
            text.append(c);
            if (c != '.') {
                named = text.length();
            }
        }
        text.setLength(named);
        return text.toString();
    }

    /// The path with one slash for adjacent ones.
    static String merged(String path) {
        if (!path.contains("//")) {
            return path;
        }
        StringBuilder text = new StringBuilder(path.length());
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c != '/' || i == 0 || path.charAt(i - 1) != '/') {
                text.append(c);
            }
        }
        return text.toString();
    }
}
