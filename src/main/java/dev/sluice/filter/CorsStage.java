package dev.sluice.filter;

import dev.sluice.engine.Exchange;
import dev.sluice.engine.FilterOrder;
import dev.sluice.engine.LocalReply;
import dev.sluice.engine.Stage;
import dev.sluice.http.ResponseHead;
import dev.sluice.ir.HttpFilter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `CORS` (GEP-1767, [Fetch](https://fetch.spec.whatwg.org/#http-cors-protocol)): answers preflight
/// requests, and says on other responses what browsers may do with them. Origins that are not
/// allowed get none of the fields; the browser refuses then.
final class CorsStage implements Stage {

    private static final String ANY = "*";

    private final OriginPatterns origins;
    private final HttpFilter.Cors spec;

    CorsStage(HttpFilter.Cors spec) {
        this.spec = spec;
        this.origins = new OriginPatterns(spec.origins());
    }

    @Override
    public FilterOrder order() {
        return FilterOrder.CORS;
    }

    @Override
    public StageResult request(Exchange exchange) {
        HttpHeaders request = exchange.request().headers();
        boolean preflight =
                exchange.request().method().equals("OPTIONS")
                        && request.contains(HttpHeaderNames.ORIGIN)
                        && request.contains(HttpHeaderNames.ACCESS_CONTROL_REQUEST_METHOD);
        if (!preflight) {
            return StageResult.NEXT;
        }
        // The origin's fields are set where those of every response are.
        LocalReply localReply = LocalReply.empty(204);
        if (isAllowed(request)) {
            describe(request, localReply.head().headers());
        }
        exchange.answer(localReply);
        return StageResult.ANSWERED;
    }

    private void describe(HttpHeaders request, HttpHeaders response) {
        list(
                response,
                HttpHeaderNames.ACCESS_CONTROL_ALLOW_METHODS,
                spec.methods(),
                request.get(HttpHeaderNames.ACCESS_CONTROL_REQUEST_METHOD));
        list(
                response,
                HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS,
                spec.headers(),
                request.get(HttpHeaderNames.ACCESS_CONTROL_REQUEST_HEADERS));
        response.set(
                HttpHeaderNames.ACCESS_CONTROL_MAX_AGE, Long.toString(spec.maxAge().toSeconds()));
    }

    @Override
    public void response(Exchange exchange, ResponseHead head) {
        HttpHeaders request = exchange.request().headers();
        HttpHeaders response = head.headers();
        response.remove(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN);
        response.remove(HttpHeaderNames.ACCESS_CONTROL_ALLOW_CREDENTIALS);
        boolean anyOrigin = origins.isAny() && !spec.credentials();
        if (!anyOrigin) {
            // A cache must not hand one origin's answer to another.
            response.add(HttpHeaderNames.VARY, HttpHeaderNames.ORIGIN);
        }
        String origin = request.get(HttpHeaderNames.ORIGIN);
        if (origin == null || !origins.matches(origin)) {
            return;
        }
        response.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, anyOrigin ? ANY : origin);
        if (spec.credentials()) {
            response.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
        }
        list(response, HttpHeaderNames.ACCESS_CONTROL_EXPOSE_HEADERS, spec.expose(), null);
    }

    private boolean isAllowed(HttpHeaders request) {
        String origin = request.get(HttpHeaderNames.ORIGIN);
        return origin != null && origins.matches(origin);
    }

    /// Where credentials are allowed a star has no meaning for browsers: what was asked for stands
    /// in its place.
    private void list(
            HttpHeaders response, CharSequence name, List<String> values, @Nullable String asked) {
        if (values.isEmpty()) {
            return;
        }
        boolean any = values.contains(ANY);
        if (!any) {
            response.set(name, String.join(", ", values));
        } else if (!spec.credentials()) {
            response.set(name, ANY);
        } else if (asked != null) {
            response.set(name, asked);
        }
    }
}
