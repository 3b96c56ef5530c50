package dev.sluice.net;

/// Why a client's connection was ended, or not taken, for an error that is not of one request.
public enum ConnectionFailure {
    /// There are as many connections as there may be.
    TOO_MANY(Layer.TCP, "too many connections"),
    /// The client took next to nothing of what was ready for it.
    CLIENT_STALLED(Layer.TCP, "the client does not read"),
    /// No route of the listener takes it, by its server name where there is one.
    NO_ROUTE(Layer.TCP, "no route takes the connection"),
    /// The rule has no backend for it, or no endpoint of it can be connected to.
    NO_BACKEND(Layer.TCP, "no backend takes the connection"),
    /// A header of the PROXY protocol is required, and the peer is no trusted source.
    PROXY_UNTRUSTED(Layer.PROXY, "the peer is no trusted source of the PROXY protocol"),
    /// A header of the PROXY protocol is required, and the first bytes are none.
    PROXY_MISSING(Layer.PROXY, "the header of the PROXY protocol is missing"),
    /// A header of the PROXY protocol is malformed, too long, or of no TCP connection.
    PROXY_MALFORMED(Layer.PROXY, "the header of the PROXY protocol is malformed"),
    /// A header of the PROXY protocol did not arrive in time.
    PROXY_TIMEOUT(Layer.PROXY, "time-out of the header of the PROXY protocol"),
    /// A handshake did not begin or end in time.
    TLS_TIMEOUT(Layer.TLS, "time-out of the TLS handshake"),
    /// The first bytes are no ClientHello of TLS (RFC 8446 4.1.2).
    TLS_MALFORMED(Layer.TLS, "no TLS handshake"),
    /// No listener takes the server name (RFC 6066 3).
    TLS_SERVER_NAME(Layer.TLS, "no listener for the TLS server name"),
    /// A certificate is required of the client, and it sent none, or one that was not accepted.
    TLS_CLIENT_CERTIFICATE(Layer.TLS, "no valid client certificate"),
    /// The client ended the handshake: it does not trust our certificate, or went away.
    TLS_CLIENT_ENDED(Layer.TLS, "the client ended the TLS handshake"),
    /// Another error of a handshake: no version or cipher in common, or a broken record.
    TLS_FAILED(Layer.TLS, "the TLS handshake failed"),
    /// The preface of HTTP/2 did not arrive in time (RFC 9113 3.4).
    HTTP2_TIMEOUT(Layer.HTTP2, "time-out of the HTTP/2 preface"),
    /// The client broke HTTP/2 (RFC 9113 5.4.1).
    HTTP2_PROTOCOL(Layer.HTTP2, "the client broke the HTTP/2 protocol"),
    /// The client sent more frames that cost work, resets or errors than it may (ENHANCE_YOUR_CALM,
    /// RFC 9113 7).
    HTTP2_FLOOD(Layer.HTTP2, "too many frames without content, resets or errors of HTTP/2");

    /// What was spoken.
    private enum Layer {
        TCP("TCP"),
        PROXY("PROXY"),
        TLS("TLS"),
        HTTP2("HTTP/2");

        private final String label;

        Layer(String label) {
            this.label = label;
        }
    }

    private final Layer layer;
    private final String reason;

    ConnectionFailure(Layer layer, String reason) {
        this.layer = layer;
        this.reason = reason;
    }

    /// What was spoken: `TCP`, `PROXY`, `TLS` or `HTTP/2`.
    public String protocol() {
        return layer.label;
    }

    /// One line for the access log.
    public String reason() {
        return reason;
    }
}
