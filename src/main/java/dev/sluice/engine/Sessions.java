package dev.sluice.engine;

import dev.sluice.http.RequestHead;
import dev.sluice.http.ResponseHead;
import dev.sluice.ir.SessionPersistence;
import dev.sluice.ir.SessionPersistence.Carrier;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// The sessions of a rule (GEP-1619). A session is held by the client alone, in a cookie or a header
/// field: the endpoint's token, and where sessions end with time, when it began and was last used. So
/// each replica finds the endpoint without shared state. A forged value can choose among the
/// endpoints of the rule, no more.
///
/// A session outranks the weights of backends. It ends with its endpoint: the next request gets a
/// new one.
public final class Sessions {

    private static final int RADIX = 36;

    private final SessionPersistence spec;
    private final AsciiString field;
    private final InstantSource clock;
    private final long absolute;
    private final long idle;

    public Sessions(SessionPersistence spec, InstantSource clock) {
        this.spec = spec;
        this.field = AsciiString.of(spec.name());
        this.clock = clock;
        this.absolute = spec.absoluteTimeout().toSeconds();
        this.idle = spec.idleTimeout().toSeconds();
    }

    /// A session as its client holds it.
    ///
    /// @param token of the endpoint
    /// @param began seconds since 1970, 0 where it does not matter
    record Session(String token, long began) {}

    /// The session of a request; null when it has none that is still good.
    @Nullable Session find(RequestHead request) {
        String value =
                spec.carrier() == Carrier.HEADER
                        ? request.headers().get(field)
                        : cookie(request.headers());
        return value == null ? null : parse(value);
    }

    private @Nullable String cookie(HttpHeaders headers) {
        for (String cookies : headers.getAll(HttpHeaderNames.COOKIE)) {
            int at = 0;
            while (at < cookies.length()) {
                int end = cookies.indexOf(';', at);
                end = end < 0 ? cookies.length() : end;
                while (at < end && cookies.charAt(at) == ' ') {
                    at++;
                }
                int equals = at + spec.name().length();
                if (equals < end
                        && cookies.charAt(equals) == '='
                        && cookies.startsWith(spec.name(), at)) {
                    return cookies.substring(equals + 1, end).trim();
                }
                at = end + 1;
            }
        }
        return null;
    }

    private @Nullable Session parse(String value) {
        if (absolute == 0 && idle == 0) {
            return new Session(value, 0);
        }
        int first = value.indexOf('.');
        int second = value.indexOf('.', first + 1);
        if (first < 0 || second < 0) {
            return null;
        }
        try {
            long now = now();
            long began = Long.parseLong(value, first + 1, second, RADIX);
            long used = Long.parseLong(value, second + 1, value.length(), RADIX);
            boolean over =
                    absolute > 0 && now - began >= absolute || idle > 0 && now - used >= idle;
            return over ? null : new Session(value.substring(0, first), began);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /// Tells the client its session, when that is new or has to be kept alive.
    ///
    /// @param had what the request came with
    /// @param token of the endpoint that answered
    /// @param tls whether the client's connection is encrypted
    void tell(ResponseHead response, @Nullable Session had, String token, boolean tls) {
        long began = now();
        if (had != null && had.token().equals(token)) {
            if (idle == 0) {
                return;
            }
            began = had.began();
        }
        String value = absolute == 0 && idle == 0 ? token : timed(token, began);
        if (spec.carrier() == Carrier.HEADER) {
            response.headers().set(field, value);
        } else {
            response.headers().add(HttpHeaderNames.SET_COOKIE, cookie(value, began, tls));
        }
    }

    private String timed(String token, long began) {
        return token + '.' + Long.toString(began, RADIX) + '.' + Long.toString(now(), RADIX);
    }

    private String cookie(String value, long began, boolean tls) {
        StringBuilder cookie = new StringBuilder(spec.name()).append('=').append(value);
        cookie.append("; Path=/; HttpOnly; SameSite=Lax");
        if (tls) {
            cookie.append("; Secure");
        }
        if (spec.permanent() && absolute > 0) {
            cookie.append("; Max-Age=").append(began + absolute - now());
        }
        return cookie.toString();
    }

    private long now() {
        return clock.millis() / 1000;
    }
}
