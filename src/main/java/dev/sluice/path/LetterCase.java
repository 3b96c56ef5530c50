package dev.sluice.path;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// Upper and lower case of paths, also of letters that stand there as escapes of UTF-8.
final class LetterCase {

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private LetterCase() {}

    /// The path in lower case. Letters that some backends take for a letter of ASCII (U+017F for
    /// `s`, U+212A for `k`, U+0130 and U+0131 for `i`) become that.
    ///
    /// @param path normalised
    static String folded(String path) {
        StringBuilder text = new StringBuilder(path.length());
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '%' && i + 2 < path.length()) {
                int octet = HexFormat.fromHexDigits(path, i + 1, i + 3);
                if (octet >= 0x80) {
                    octets.write(octet);
                } else {
                    append(octets, text);
                    text.append(path, i, i + 3);
                }
                i += 2;
            } else {
                append(octets, text);
                text.append((char) folded(c));
            }
        }
        append(octets, text);
        return text.toString();
    }

    private static int folded(int letter) {
        return Character.toLowerCase(Character.toUpperCase(letter));
    }

    private static void append(ByteArrayOutputStream octets, StringBuilder to) {
        if (octets.size() == 0) {
            return;
        }
        String letters = octets.toString(StandardCharsets.UTF_8);
        octets.reset();
        letters.codePoints()
                .map(LetterCase::folded)
                .forEach(letter -> {
                    if (letter < 0x80) {
                        to.append((char) letter);
                        return;
                    }
                    String one = Character.toString(letter);
                    for (byte octet : one.getBytes(StandardCharsets.UTF_8)) {
                        to.append('%').append(HEX.toHexDigits(octet));
                    }
                });
    }
}
