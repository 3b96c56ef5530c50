package dev.sluice.policy.auth.csrf;

import dev.sluice.engine.Exchange;
import dev.sluice.engine.FilterOrder;
import dev.sluice.engine.Stage;
import dev.sluice.policy.auth.authentication.Refusals;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Refuses what another site made a browser send, by what browsers say of it and scripts cannot
/// change: `Origin`, and `Sec-Fetch-Site` (Fetch Metadata). Clients that are no browsers say
/// neither, and carry no credentials that somebody else could use.
public final class CsrfStage implements Stage {

    /// RFC 9110 9.2.1: they change nothing.
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

    private final List<String> others;
    private final Refusals refusals;

    public CsrfStage(Csrf section, Refusals refusals) {
        this.others =
                section.additionalOrigins().stream()
                        .map(origin -> origin.toLowerCase(Locale.ROOT))
                        .toList();
        this.refusals = refusals;
    }

    @Override
    public FilterOrder order() {
        return FilterOrder.CSRF;
    }

    @Override
    public StageResult request(Exchange exchange) {
        if (SAFE.contains(exchange.method()) && !isUpgrade(exchange) || isOwn(exchange)) {
            return StageResult.NEXT;
        }
        return refusals.refuse(exchange, 403, "sent by another site", List.of());
    }

    /// A WebSocket begins with GET, and no browser keeps other sites from it (RFC 6455 10.2).
    private static boolean isUpgrade(Exchange exchange) {
        return exchange.request().headers().contains("sec-websocket-key")
                || exchange.request().headers().contains("sec-websocket-version");
    }

    private boolean isOwn(Exchange exchange) {
        HttpHeaders headers = exchange.request().headers();
        List<String> origins = headers.getAll(HttpHeaderNames.ORIGIN);
        if (origins.size() > 1) {
            return false;
        }
        String origin = origins.isEmpty() ? null : origins.get(0).toLowerCase(Locale.ROOT);
        if (origin != null && isOther(origin)) {
            return true;
        }
        String site = headers.get("sec-fetch-site");
        if (site != null) {
            return site.equals("same-origin") || site.equals("none");
        }
        String from = origin != null ? origin : refererOrigin(headers);
        return from == null || isSame(from, exchange);
    }

    private boolean isOther(String origin) {
        for (String other : others) {
            int star = other.indexOf("*.");
            if (star < 0
                    ? other.equals(origin)
                    : origin.startsWith(other.substring(0, star))
                            && origin.length() >= other.length()
                            && origin.endsWith(other.substring(star + 1))) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable String refererOrigin(HttpHeaders headers) {
        String referer = headers.get(HttpHeaderNames.REFERER);
        if (referer == null) {
            return null;
        }
        try {
            URI uri = URI.create(referer);
            return (uri.getScheme() + "://" + uri.getRawAuthority()).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            return "null";
        }
    }

    /// Whether it is the host that was asked. Its scheme may be another: TLS may end before us.
    private static boolean isSame(String origin, Exchange exchange) {
        int slashes = origin.indexOf("://");
        return slashes > 0
                && origin.substring(slashes + 3)
                        .equals(exchange.request().authority().toLowerCase(Locale.ROOT));
    }
}
