package dev.sluice.http.http1;

import dev.sluice.http.BadMessage;

/// `HTTP-version SP status-code SP [ reason-phrase ]` (RFC 9112 4). The reason phrase is dropped:
/// it has no meaning, and HTTP/2 has none.
///
/// @param status 100 to 999
/// @param minor the minor version: 0 or 1
public record StatusLine(int status, int minor) {

    public static StatusLine parse(byte[] line, int length) throws BadMessage {
        // The space before an empty reason phrase is often left out.
        if (length < 12 || line[8] != ' ' || length > 12 && line[12] != ' ') {
            throw new BadMessage(502, "the status line is malformed");
        }
        int minor = RequestLine.minorVersion(line, 0, 8);
        int status = 0;
        for (int i = 9; i < 12; i++) {
            int digit = line[i] - '0';
            if (digit < 0 || digit > 9) {
                throw new BadMessage(502, "the status code is not a number");
            }
            status = 10 * status + digit;
        }
        if (status < 100) {
            throw new BadMessage(502, "the status code is below 100");
        }
        return new StatusLine(status, minor);
    }
}
