package dev.sluice.server;

import dev.sluice.http.Authority;
import dev.sluice.http.BadMessage;
import dev.sluice.http.HopByHop;
import dev.sluice.http.HttpSyntax;
import dev.sluice.http.RequestHead;
import dev.sluice.http.Upgrades;
import dev.sluice.http.http2.Http2Fields;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// Makes the neutral head of an HTTP/2 request and refuses what has two readings (RFC 9113 8.3.1).
final class Http2Requests {

    private static final AsciiString WEBSOCKET = AsciiString.cached("websocket");

    private Http2Requests() {}

    /// RFC 9113 8.3.1, RFC 8441 4: a request that lacks a pseudo-field, or has `:protocol` without
    /// being a CONNECT, is malformed.
    static void requireWhole(int stream, Http2Headers section) throws Http2Exception {
        CharSequence method = section.method();
        boolean connect = method != null && method.toString().equals("CONNECT");
        boolean extended = section.contains(Http2Headers.PseudoHeaderName.PROTOCOL.value());
        if (extended && !connect) {
            throw Http2Exception.streamError(
                    stream, Http2Error.PROTOCOL_ERROR, ":protocol belongs to CONNECT");
        }
        boolean whole = connect && !extended || section.path() != null && section.scheme() != null;
        if (method == null || !whole) {
            throw Http2Exception.streamError(
                    stream, Http2Error.PROTOCOL_ERROR, "a pseudo-field is missing");
        }
    }

    /// @param upgrades that become tunnels; any other is refused
    static RequestHead head(Http2Headers section, boolean tls, Upgrades upgrades)
            throws BadMessage {
        CharSequence method = section.method();
        CharSequence path = section.path();
        CharSequence extended = section.get(Http2Headers.PseudoHeaderName.PROTOCOL.value());
        String protocol = extended == null ? null : upgrades.find(extended);
        if (method != null && method.toString().equals("CONNECT") && protocol == null) {
            throw new BadMessage(
                    501, extended == null ? "CONNECT is not supported" : "no such :protocol");
        }
        if (method == null || path == null || section.scheme() == null) {
            throw new BadMessage(400, "a pseudo-header is missing");
        }
        HttpHeaders fields = Http2Fields.from(section);
        String name = method.toString();
        if (!HttpSyntax.isMethod(name)) {
            throw new BadMessage(400, "the method is malformed");
        }
        if (name.equals("CONNECT")) {
            name = "GET";
        }
        String authority = authority(section.authority(), fields);
        String target = path.toString();
        if (target.isEmpty()
                || target.charAt(0) != '/' && !(target.equals("*") && name.equals("OPTIONS"))) {
            throw new BadMessage(400, "the path is malformed");
        }
        if (!isVisible(target) || target.indexOf('#') >= 0) {
            throw new BadMessage(400, "the path has a character that does not belong there");
        }
        HopByHop.strip(fields);
        fields.remove(HttpHeaderNames.HOST);
        if (protocol != null) {
            // RFC 8441: to backends of HTTP/1.1 it is an upgrade.
            fields.set(HttpHeaderNames.UPGRADE, protocol);
            if (WEBSOCKET.contentEquals(protocol)) {
                fields.set(HttpHeaderNames.SEC_WEBSOCKET_KEY, key());
            }
        }
        return new RequestHead(name, tls ? "https" : "http", authority, target, fields);
    }

    /// RFC 6455 4.1 asks clients of HTTP/1.1 for it; those of HTTP/2 send none (RFC 8441 5).
    private static String key() {
        byte[] nonce = new byte[16];
        ThreadLocalRandom.current().nextBytes(nonce);
        return Base64.getEncoder().encodeToString(nonce);
    }

    private static String authority(@Nullable CharSequence pseudo, HttpHeaders fields)
            throws BadMessage {
        List<String> hosts = fields.getAll(HttpHeaderNames.HOST);
        if (hosts.size() > 1) {
            throw new BadMessage(400, "there are several Host fields");
        }
        String authority = pseudo != null ? pseudo.toString() : hosts.isEmpty() ? "" : hosts.get(0);
        if (!hosts.isEmpty() && !hosts.get(0).equalsIgnoreCase(authority)) {
            throw new BadMessage(400, "Host differs from :authority");
        }
        // RFC 9113 8.3.1: http and https have an authority.
        if (authority.isEmpty() || !Authority.isValid(authority)) {
            throw new BadMessage(400, ":authority is malformed");
        }
        return Authority.withoutEmptyPort(authority);
    }

    /// Nothing that could end a request line.
    private static boolean isVisible(String target) {
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c <= ' ' || c == 0x7f) {
                return false;
            }
        }
        return true;
    }
}
