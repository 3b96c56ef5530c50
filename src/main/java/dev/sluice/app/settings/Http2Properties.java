package dev.sluice.app.settings;

import dev.sluice.http.http2.Http2Limits;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Limits of clients' connections of HTTP/2.
///
/// @param maxStreams requests at once on a connection
/// @param maxProxyStreams the same where the peer is a trusted proxy
/// @param maxControlFrames frames that bring nothing about at once; a tenth of it more each second
/// @param maxResets of streams at once; a thirtieth of it more each second, and one for each stream
///   that ends well
public record Http2Properties(
        @DefaultValue("128") int maxStreams,
        @DefaultValue("1024") int maxProxyStreams,
        @DefaultValue("1000") int maxControlFrames,
        @DefaultValue("1000") int maxResets) {

    public Http2Properties {
        Bounds.check("sluice.server.http2.max-streams", maxStreams, 1, 100_000);
        Bounds.check("sluice.server.http2.max-proxy-streams", maxProxyStreams, 1, 100_000);
        Bounds.check("sluice.server.http2.max-control-frames", maxControlFrames, 100, 1_000_000);
        Bounds.check("sluice.server.http2.max-resets", maxResets, 100, 1_000_000);
    }

    /// As the engine takes them.
    Http2Limits limits() {
        return new Http2Limits(maxStreams, maxProxyStreams, maxControlFrames, maxResets);
    }
}
