package dev.sluice.http;

/// Why a request got no answer from a backend. The one place that decides the status.
public enum Failure {
    BAD_REQUEST(400, "the request is malformed"),
    REQUEST_LINE_TOO_LONG(414, "the request line is too long"),
    HEADER_TOO_LARGE(431, "the header is too large"),
    HEADER_TIMEOUT(408, "the request took too long to arrive"),
    NOT_SUPPORTED(501, "the request asks for what is not supported"),
    TOO_MANY_STREAMS(503, "too many streams of one HTTP/2 connection"),
    NO_ROUTE(404, "no route matches the request"),
    AMBIGUOUS_PATH(
            400, "backends may read the path as one of another rule, which has other policies"),
    HIDDEN_SEPARATOR(400, "the listener takes no path with ';', '%3B', '%2F' or '%5C'"),
    MISDIRECTED(421, "the host belongs to another listener than the TLS server name"),
    NO_BACKENDS(500, "the rule has no backends"),
    INVALID_BACKEND(500, "the backend reference does not resolve"),
    FILTER_FAILED(500, "a filter failed"),
    INTERNAL(500, "internal error"),
    NO_ENDPOINTS(503, "the backend has no ready endpoints"),
    REFUSED(503, "no connection to the backend"),
    OVERLOADED(503, "too many requests to the backend"),
    RETRIES_SPENT(503, "no retry is left to the backend"),
    CONNECT_TIMEOUT(504, "time-out while connecting to the backend"),
    TLS_FAILED(502, "no TLS connection to the backend"),
    UNPROCESSED(503, "the backend did not take the request"),
    RESET(502, "the backend closed the connection"),
    CANCELLED(502, "the backend cancelled the request"),
    BAD_REQUEST_BODY(502, "the request body does not have the announced length"),
    BAD_RESPONSE(502, "the backend's response is malformed"),
    BACKEND_TIMEOUT(504, "time-out of the backend's response"),
    REQUEST_TIMEOUT(504, "time-out of the request");

    private final int status;
    private final String reason;

    Failure(int status, String reason) {
        this.status = status;
        this.reason = reason;
    }

    /// The HTTP status of the answer.
    public int status() {
        return status;
    }

    /// Whether it tells of the backend, or of the way to it: another request may fare no better.
    public boolean isOfBackend() {
        return switch (this) {
            case REFUSED,
                    CONNECT_TIMEOUT,
                    TLS_FAILED,
                    UNPROCESSED,
                    RESET,
                    CANCELLED,
                    BAD_RESPONSE,
                    BACKEND_TIMEOUT,
                    REQUEST_TIMEOUT ->
                    true;
            case BAD_REQUEST,
                    REQUEST_LINE_TOO_LONG,
                    HEADER_TOO_LARGE,
                    HEADER_TIMEOUT,
                    NOT_SUPPORTED,
                    TOO_MANY_STREAMS,
                    NO_ROUTE,
                    AMBIGUOUS_PATH,
                    HIDDEN_SEPARATOR,
                    MISDIRECTED,
                    NO_BACKENDS,
                    INVALID_BACKEND,
                    FILTER_FAILED,
                    INTERNAL,
                    NO_ENDPOINTS,
                    OVERLOADED,
                    RETRIES_SPENT,
                    BAD_REQUEST_BODY ->
                    false;
        };
    }

    /// Why a request is refused that was not understood.
    public static Failure of(BadMessage bad) {
        return switch (bad.status()) {
            case 408 -> HEADER_TIMEOUT;
            case 414 -> REQUEST_LINE_TOO_LONG;
            case 431 -> HEADER_TOO_LARGE;
            case 500 -> INTERNAL;
            case 501 -> NOT_SUPPORTED;
            case 503 -> TOO_MANY_STREAMS;
            default -> BAD_REQUEST;
        };
    }

    /// One line for the answer's body and the access log.
    public String reason() {
        return reason;
    }
}
