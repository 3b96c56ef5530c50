package dev.sluice.server;

import dev.sluice.http.Authority;
import dev.sluice.http.BadMessage;
import dev.sluice.http.HopByHop;
import dev.sluice.http.HttpFields;
import dev.sluice.http.RequestHead;
import dev.sluice.http.Upgrades;
import dev.sluice.http.http1.RequestLine;
import dev.sluice.net.Connection;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.util.Locale;

/// Makes the neutral head of an HTTP/1 request and refuses what has two readings.
final class Http1Requests {

    private Http1Requests() {}

    /// Whether the client lets the connection go on (RFC 9112 9.3).
    static boolean keepsAlive(RequestLine line, HttpFields headers) {
        return line.minor() == 1
                ? !HopByHop.hasOption(headers, HttpHeaderValues.CLOSE)
                : HopByHop.hasOption(headers, HttpHeaderValues.KEEP_ALIVE);
    }

    /// @param upgrades that become tunnels; any other is passed over
    static RequestHead head(
            RequestLine line, HttpFields headers, Connection connection, Upgrades upgrades)
            throws BadMessage {
        if (line.method().equals("CONNECT")) {
            throw new BadMessage(
                    501, "CONNECT is not supported"); // RFC 9110 9.3.6: we are no proxy
        }
        String host = host(line, headers, connection);
        String target = line.target();
        if (target.charAt(0) != '/' && !(target.equals("*") && line.method().equals("OPTIONS"))) {
            int authority = authorityStart(target);
            int path = target.indexOf('/', authority);
            int query = target.indexOf('?', authority);
            int end = path < 0 ? query : query < 0 ? path : Math.min(path, query);
            // RFC 9112 3.2.2: the authority of an absolute target replaces Host.
            host = end < 0 ? target.substring(authority) : target.substring(authority, end);
            target =
                    end < 0
                            ? "/"
                            : end == path ? target.substring(end) : "/" + target.substring(end);
        }
        if (target.indexOf('#') >= 0) {
            throw new BadMessage(400, "the request target has a fragment");
        }
        if (host.isEmpty() || !Authority.isValid(host)) {
            throw new BadMessage(400, "the authority of the request target is malformed");
        }
        String upgrade = line.minor() == 1 ? upgrades.requested(headers) : null;
        HopByHop.strip(headers);
        headers.remove(HttpHeaderNames.HOST);
        if (upgrade != null) {
            headers.set(HttpHeaderNames.UPGRADE, upgrade);
        }
        return new RequestHead(
                line.method(),
                connection.tls() ? "https" : "http",
                Authority.withoutEmptyPort(host),
                target,
                headers);
    }

    private static String host(RequestLine line, HttpFields headers, Connection connection)
            throws BadMessage {
        if (headers.count(HttpHeaderNames.HOST) > 1) {
            throw new BadMessage(400, "there are several Host fields");
        }
        String host = headers.get(HttpHeaderNames.HOST);
        if (host == null && line.minor() == 1) {
            throw new BadMessage(400, "Host is missing"); // RFC 9112 3.2
        }
        if (host == null) {
            return local(connection.local()); // RFC 9112 3.3: of HTTP/1.0, what was connected to
        }
        // RFC 9112 3.2, also beside an absolute target; RFC 9110 4.2.1: no host of http is empty.
        if (host.isEmpty() || !Authority.isValid(host)) {
            throw new BadMessage(400, "Host is malformed");
        }
        return host;
    }

    private static String local(InetSocketAddress address) {
        String host = NetUtil.toAddressString(address.getAddress());
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }

    private static int authorityStart(String target) throws BadMessage {
        String lower = target.length() > 8 ? target.substring(0, 8) : target;
        lower = lower.toLowerCase(Locale.ROOT);
        if (lower.startsWith("http://")) {
            return 7;
        }
        if (lower.equals("https://")) {
            return 8;
        }
        throw new BadMessage(400, "the request target is malformed");
    }
}
