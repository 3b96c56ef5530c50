package dev.sluice.source.file;

import java.util.ArrayList;
import java.util.List;

/// Cuts a YAML stream at its document markers, so that each document is read by itself: one that is
/// no YAML stops no other, and one that did not change is not read again.
final class YamlDocuments {

    private static final String MARKER = "---";

    private YamlDocuments() {}

    /// A part of a file.
    ///
    /// @param before how many lines stand before it
    record Chunk(int before, String text) {}

    static List<Chunk> of(String text) {
        List<Chunk> chunks = new ArrayList<>();
        int start = 0;
        int before = 0;
        int line = 0;
        for (int at = 0; at < text.length(); line++) {
            int end = text.indexOf('\n', at);
            end = end < 0 ? text.length() : end + 1;
            // YAML 1.2, 9.1.2: a marker in the first column never belongs to a document's content.
            if (at > start && isMarker(text, at)) {
                chunks.add(new Chunk(before, text.substring(start, at)));
                start = at;
                before = line;
            }
            at = end;
        }
        chunks.add(new Chunk(before, text.substring(start)));
        return chunks;
    }

    private static boolean isMarker(String text, int at) {
        int after = at + MARKER.length();
        return text.startsWith(MARKER, at)
                && (after == text.length() || Character.isWhitespace(text.charAt(after)));
    }
}
