package dev.sluice.http.http1;

import dev.sluice.http.BadMessage;
import dev.sluice.http.HttpSyntax;
import java.nio.charset.StandardCharsets;

/// `method SP request-target SP HTTP-version` (RFC 9112 3).
///
/// @param method a token
/// @param target as received, ISO-8859-1
/// @param minor the minor version: 0 or 1
public record RequestLine(String method, String target, int minor) {

    private static final byte[] VERSION = "HTTP/".getBytes(StandardCharsets.US_ASCII);

    public static RequestLine parse(byte[] line, int length) throws BadMessage {
        int methodEnd = 0;
        while (methodEnd < length && HttpSyntax.isMethod(line[methodEnd])) {
            methodEnd++;
        }
        if (methodEnd == 0 || methodEnd == length || line[methodEnd] != ' ') {
            throw new BadMessage(400, "the request line is malformed");
        }
        int targetEnd = methodEnd + 1;
        while (targetEnd < length && line[targetEnd] != ' ') {
            if (line[targetEnd] >= 0 && line[targetEnd] < ' ' || line[targetEnd] == 0x7f) {
                throw new BadMessage(400, "the request target has a control character");
            }
            targetEnd++;
        }
        if (targetEnd == methodEnd + 1) {
            throw new BadMessage(400, "the request line is malformed");
        }
        int minor = minorVersion(line, targetEnd + 1, length);
        String target =
                new String(
                        line,
                        methodEnd + 1,
                        targetEnd - methodEnd - 1,
                        StandardCharsets.ISO_8859_1);
        return new RequestLine(method(line, methodEnd), target, minor);
    }

    static int minorVersion(byte[] line, int from, int length) throws BadMessage {
        if (length - from != 8 || line[from + 6] != '.') {
            throw new BadMessage(400, "the HTTP version is malformed");
        }
        for (int i = 0; i < VERSION.length; i++) {
            if (line[from + i] != VERSION[i]) {
                throw new BadMessage(400, "the HTTP version is malformed");
            }
        }
        if (line[from + 5] != '1' || line[from + 7] != '0' && line[from + 7] != '1') {
            throw new BadMessage(505, "only HTTP/1.0 and HTTP/1.1 are spoken here");
        }
        return line[from + 7] - '0';
    }

    /// Common methods without an allocation.
    private static String method(byte[] line, int length) {
        if (length == 3 && line[0] == 'G' && line[1] == 'E' && line[2] == 'T') {
            return "GET";
        }
        if (length == 4 && line[0] == 'P' && line[1] == 'O' && line[2] == 'S' && line[3] == 'T') {
            return "POST";
        }
        return new String(line, 0, length, StandardCharsets.US_ASCII);
    }
}
