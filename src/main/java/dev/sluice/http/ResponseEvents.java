package dev.sluice.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;

/// What comes from a backend, on the exchange's event loop. After the end or a failure nothing
/// follows.
public interface ResponseEvents {

    /// An interim response (RFC 9110 15.2).
    void onInformational(ResponseHead head);

    /// The head. After status 101 the data is the raw bytes of a tunnel.
    ///
    /// @param end whether there is no body
    void onResponseHead(ResponseHead head, boolean end);

    /// A part of the body; the receiver owns it.
    ///
    /// @param end whether it is the last part
    void onResponseData(ByteBuf data, boolean end);

    /// The end of a body that is closed by trailer fields.
    void onResponseTrailers(HttpHeaders trailers);

    /// Nothing more is at hand for now: what was passed on may be flushed.
    void onResponseReadComplete();

    /// The backend takes bytes again.
    void onBackendWritable();

    /// The exchange failed; the rest of it will not come.
    void onResponseFailure(Failure failure);
}
