package dev.sluice.http;

/// Bounds of what one message may make us hold.
///
/// @param startLine bytes of the request line or status line; beyond it 414
/// @param header bytes of the whole header or trailer section; beyond it 431
/// @param fields header or trailer fields; beyond it 431
public record MessageLimits(int startLine, int header, int fields) {

    /// 8 KiB of request line, 64 KiB of header, 256 fields.
    public static final MessageLimits DEFAULT = new MessageLimits(8 * 1024, 64 * 1024, 256);
}
