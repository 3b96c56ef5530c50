package dev.sluice.observe;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Fields of the access log.
public enum AccessField {
    /// End of the request, RFC 3339 with milliseconds.
    TIME,
    /// The client's address, as trusted proxies tell it.
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
    String label() {
        return label;
    }

    @Nullable Object of(AccessEntry entry) {
        return switch (this) {
            case TIME -> Format.TIME.format(Instant.ofEpochMilli(entry.time()));
            case CLIENT -> entry.client();
            case METHOD -> entry.method();
            case SCHEME -> entry.scheme();
            case HOST -> entry.host();
            case TARGET -> entry.target();
            case PROTOCOL -> entry.protocol();
            case STATUS -> entry.status();
            case DURATION -> Math.round(entry.nanos() / 1000.0) / 1000.0;
            case REQUEST_BYTES -> entry.requestBytes();
            case RESPONSE_BYTES -> entry.responseBytes();
            case RULE -> entry.rule() == null ? null : entry.rule().id();
            case ENDPOINT -> entry.endpoint() == null ? null : entry.endpoint().toString();
            case TRIES -> entry.tries();
            case FAILURE -> entry.failure();
            case USER_AGENT -> entry.userAgent();
            case REFERER -> entry.referer();
            case REQUEST_ID -> entry.requestId();
            case TRACE_ID -> entry.traceId();
        };
    }

    private static final class Format {
        static final DateTimeFormatter TIME =
                DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX", Locale.ROOT)
                        .withZone(ZoneOffset.UTC);
    }
}
