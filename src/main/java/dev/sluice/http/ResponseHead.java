package dev.sluice.http;

import io.netty.handler.codec.http.HttpHeaders;

/// The head of a response, independent of the protocol version. Confined to one event loop; filters
/// change it in place.
public final class ResponseHead {

    private int status;
    private final HttpHeaders headers;

    /// @param status 100 to 999
    /// @param headers without framing and hop-by-hop fields
    public ResponseHead(int status, HttpHeaders headers) {
        this.status = status;
        this.headers = headers;
    }

    public int status() {
        return status;
    }

    public void status(int value) {
        status = value;
    }

    public HttpHeaders headers() {
        return headers;
    }

    /// Whether it is an interim response (RFC 9110 15.2), after which another head follows.
    public boolean isInformational() {
        return status < 200 && status != 101;
    }

    @Override
    public String toString() {
        return "HTTP " + status;
    }
}
