package dev.sluice.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;

/// What comes from the client after the request's head, on the stream's event loop.
public interface RequestEvents {

    /// A part of the body; the receiver owns it.
    ///
    /// @param end whether it is the last part
    void onRequestData(ByteBuf data, boolean end);

    /// The end of a body that is closed by trailer fields.
    void onRequestTrailers(HttpHeaders trailers);

    /// Nothing more is at hand for now: what was passed on may be flushed.
    void onRequestReadComplete();

    /// The client takes bytes again.
    void onClientWritable();

    /// The rest of the request cannot be understood, and no response was begun. The connection ends
    /// with the answer.
    default void onBadRequest(BadMessage bad) {
        onClientAbort();
    }

    /// The client is gone, or broke the protocol, before the exchange ended.
    void onClientAbort();
}
