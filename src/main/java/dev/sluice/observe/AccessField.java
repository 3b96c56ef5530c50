package dev.sluice.observe;

import java.util.Locale;

/// Fields of the access log.
public enum AccessField {
    /// End of the request, RFC 3339 with milliseconds.
    TIME,
    /// The client's address, as trusted proxies report it.
    CLIENT,
    METHOD,
    SCHEME,
    /// The host asked for, without port.
    HOST,
    /// Path and query as the client sent them.
    TARGET,
    PROTOCOL,
    /// What the client got; 499 when it left before an answer.
    STATUS,
    /// Milliseconds from the head of the request to the end of the response.
    DURATION,
    REQUEST_BYTES,
    RESPONSE_BYTES,
    /// The rule's id.
    RULE,
    /// Address and port of the endpoint that was tried last.
    ENDPOINT,
    /// How often a connection to an endpoint was asked for.
    TRIES,
    /// Why there was no whole answer of a backend.
    FAILURE,
    USER_AGENT,
    REFERER,
    /// `X-Request-Id`.
    REQUEST_ID,
    /// The trace's id, where spans are exported.
    TRACE_ID;

    private final String label;

    AccessField() {
        this.label = name().toLowerCase(Locale.ROOT);
    }

    /// Its name in the log.
    public String label() {
        return label;
    }
}
