package dev.sluice.forward;

import dev.sluice.engine.Exchange;
import dev.sluice.http.RequestHead;
import dev.sluice.http.ResponseHead;
import dev.sluice.ir.SessionPersistence;
import dev.sluice.ir.SessionPersistence.Carrier;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.util.AsciiString;
import java.time.InstantSource;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The sessions of a rule (GEP-1619). A session is held by the client alone, in a cookie or a
/// header field: the rule, the endpoint's token, and where sessions end with time, when it began
/// and was last used. So each replica finds the endpoint without shared state. A forged value can
/// choose among the endpoints of the rule, no more.
///
/// A session outranks the weights of backends. It ends with its endpoint: the next request gets a
/// new one.
public final class StickySessions {

    private static final int RADIX = 36;

    private final SessionPersistence spec;
    private final String scope;
    private final AsciiString field;
    private final InstantSource clock;
    private final long absolute;
    private final long idle;
    private final Function<String, @Nullable HeldSession> parser = this::parse;

    /// @param scope of fixed length, different for each rule: what stands in front of a session's
    ///   value, so that rules with one name do not take each other's sessions
    public StickySessions(SessionPersistence spec, String scope, InstantSource clock) {
        this.spec = spec;
        this.scope = scope;
        this.field = AsciiString.of(spec.name());
        this.clock = clock;
        this.absolute = spec.absoluteTimeout().toSeconds();
        this.idle = spec.idleTimeout().toSeconds();
    }

    /// A session as its client holds it.
    ///
    /// @param token of the endpoint
    /// @param began seconds since 1970, 0 where it does not matter
    record HeldSession(String token, long began) {}

    /// The session of a request; null when it has none of this rule that is still good.
    @Nullable HeldSession find(RequestHead request) {
        if (spec.carrier() == Carrier.HEADER) {
            String value = request.headers().get(field);
            return value == null ? null : parse(value);
        }
        return request.cookie(spec.name(), parser);
    }

    private @Nullable HeldSession parse(String value) {
        if (!value.startsWith(scope)) {
            return null;
        }
        if (absolute == 0 && idle == 0) {
            return new HeldSession(value.substring(scope.length()), 0);
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
            return over ? null : new HeldSession(value.substring(scope.length(), first), began);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /// Tells the client its session, when that is new or has to be kept alive.
    ///
    /// @param exchange whose answer it is
    /// @param had what the request came with
    /// @param token of the endpoint that answered
    void onResponse(
            Exchange exchange, ResponseHead response, @Nullable HeldSession had, String token) {
        String value = value(had, token);
        if (value == null) {
            return;
        }
        if (spec.carrier() == Carrier.HEADER) {
            response.headers().set(field, value);
        } else {
            boolean secure = exchange.clientScheme().equals("https");
            String path = CookiePath.of(exchange.match().path());
            response.headers()
                    .add(
                            HttpHeaderNames.SET_COOKIE,
                            cookie(value, began(had, token), path, secure));
        }
    }

    private long began(@Nullable HeldSession had, String token) {
        return had != null && had.token().equals(token) ? had.began() : now();
    }

    /// What the client is to send with its next request; null when it has just that.
    @Nullable String value(@Nullable HeldSession had, String token) {
        if (had != null && had.token().equals(token) && idle == 0) {
            return null;
        }
        return scope + (absolute == 0 && idle == 0 ? token : timed(token, began(had, token)));
    }

    private String timed(String token, long began) {
        return token + '.' + Long.toString(began, RADIX) + '.' + Long.toString(now(), RADIX);
    }

    private String cookie(String value, long began, String path, boolean secure) {
        StringBuilder cookie = new StringBuilder(spec.name()).append('=').append(value);
        cookie.append("; Path=").append(path).append("; HttpOnly; SameSite=Lax");
        if (secure) {
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
