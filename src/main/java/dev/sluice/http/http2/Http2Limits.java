package dev.sluice.http.http2;

/// What a peer of HTTP/2 may open and send beyond messages.
///
/// @param streams open at once on a connection
/// @param proxyStreams the same where the peer is a trusted proxy, which speaks for many
/// @param controlFrames that bring nothing about (PING, SETTINGS, PRIORITY, WINDOW_UPDATE, empty
///   DATA, unknown ones), at once; a tenth of it is given back each second, and a few by each
///   message and each DATA frame that we send
/// @param resets of streams, by the peer or by its errors, at once; a thirtieth of it is given back
///   each second, and one by each stream that ends well
public record Http2Limits(int streams, int proxyStreams, int controlFrames, int resets) {

    /// 128 streams, 1,024 of a trusted proxy, 1,000 frames, 1,000 resets.
    public static final Http2Limits DEFAULT = new Http2Limits(128, 1024, 1000, 1000);
}
