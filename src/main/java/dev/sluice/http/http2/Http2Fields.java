package dev.sluice.http.http2;

import dev.sluice.http.HopByHop;
import dev.sluice.http.HttpFields;
import dev.sluice.http.RequestHead;
import dev.sluice.http.ResponseHead;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Iterator;
import java.util.Map;

/// Field sections between HTTP/2 (RFC 9113 8) and the neutral form. What comes in was checked by
/// the codec: names are tokens in lower case, values have no line ends.
public final class Http2Fields {

    private static final AsciiString CRUMB_SEPARATOR = AsciiString.cached("; ");

    private Http2Fields() {}

    /// The fields without the pseudo-fields. Cookies that came in crumbs are put together, as
    /// HTTP/1.1 needs them (RFC 9113 8.2.3).
    public static HttpHeaders from(Http2Headers section) {
        HttpHeaders fields = new HttpFields(section.size());
        StringBuilder cookie = null;
        for (Map.Entry<CharSequence, CharSequence> field : section) {
            CharSequence name = field.getKey();
            if (name.charAt(0) == ':') {
                continue;
            }
            if (HttpHeaderNames.COOKIE.contentEquals(name)) {
                cookie = cookie == null ? new StringBuilder() : cookie.append(CRUMB_SEPARATOR);
                cookie.append(field.getValue());
            } else {
                fields.add(name, field.getValue());
            }
        }
        if (cookie != null) {
            fields.set(HttpHeaderNames.COOKIE, cookie);
        }
        return fields;
    }

    /// A request's section.
    public static Http2Headers of(RequestHead head) {
        Http2Headers section =
                section(head.headers())
                        .method(head.method())
                        .scheme(head.scheme())
                        .path(head.target());
        return head.authority().isEmpty() ? section : section.authority(head.authority());
    }

    /// A response's section.
    public static Http2Headers of(ResponseHead head) {
        return section(head.headers())
                .status(HttpResponseStatus.valueOf(head.status()).codeAsText());
    }

    /// A section without pseudo-fields: trailers.
    public static Http2Headers section(HttpHeaders fields) {
        HopByHop.strip(fields); // RFC 9113 8.2.2
        Http2Headers section = new DefaultHttp2Headers(false);
        Iterator<Map.Entry<CharSequence, CharSequence>> all = fields.iteratorCharSequence();
        while (all.hasNext()) {
            Map.Entry<CharSequence, CharSequence> field = all.next();
            if (!HttpHeaderNames.HOST.contentEqualsIgnoreCase(field.getKey())) {
                section.add(AsciiString.of(field.getKey()).toLowerCase(), field.getValue());
            }
        }
        return section;
    }
}
