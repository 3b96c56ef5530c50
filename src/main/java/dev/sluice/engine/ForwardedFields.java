package dev.sluice.engine;

import dev.sluice.http.RequestHead;
import dev.sluice.net.Connection;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// `X-Forwarded-*` and `Forwarded` (RFC 7239) as backends see them. What a client sends in them is
/// not trusted: it is replaced by what we know of its connection. A trusted proxy's fields stay,
/// and its address is appended.
final class ForwardedFields {

    private static final AsciiString FORWARDED = AsciiString.cached("forwarded");
    private static final AsciiString FOR = AsciiString.cached("x-forwarded-for");
    private static final AsciiString PROTO = AsciiString.cached("x-forwarded-proto");
    private static final AsciiString HOST = AsciiString.cached("x-forwarded-host");
    private static final AsciiString PORT = AsciiString.cached("x-forwarded-port");

    private static final Pattern PORT_NUMBER = Pattern.compile("[1-9][0-9]{0,4}");

    private ForwardedFields() {}

    /// Sets the fields.
    ///
    /// @return the client's address without port
    static String set(RequestHead request, Connection connection) {
        HttpHeaders headers = request.headers();
        if (!connection.proxies().isEmpty()) {
            return append(request, connection);
        }
        headers.remove(FORWARDED);
        headers.remove(PORT);
        headers.set(FOR, connection.remoteHost());
        headers.set(PROTO, request.scheme());
        headers.set(HOST, request.authority());
        return connection.remoteHost();
    }

    private static String append(RequestHead request, Connection connection) {
        HttpHeaders headers = request.headers();
        String peer = connection.remoteHost();
        List<String> chain = headers.getAll(FOR);
        if (!headers.contains(PROTO)) {
            headers.set(PROTO, request.scheme());
        }
        if (!headers.contains(HOST)) {
            headers.set(HOST, request.authority());
        }
        List<String> elements = headers.getAll(FORWARDED);
        if (!elements.isEmpty()) {
            headers.set(FORWARDED, String.join(", ", elements) + ", " + element(request, peer));
        }
        headers.set(FOR, chain.isEmpty() ? peer : String.join(", ", chain) + ", " + peer);
        return connection.proxies().client(chain, peer);
    }

    /// The scheme that the client used.
    static String scheme(RequestHead request, Connection connection) {
        String told = connection.proxies().isEmpty() ? null : first(request, PROTO);
        if (told == null) {
            return request.scheme();
        }
        return told.equalsIgnoreCase("https")
                ? "https"
                : told.equalsIgnoreCase("http") ? "http" : request.scheme();
    }

    /// The port that the client used.
    ///
    /// @param own where no proxy tells another
    static int port(RequestHead request, Connection connection, int own) {
        if (connection.proxies().isEmpty()) {
            return own;
        }
        String told = first(request, PORT);
        if (told != null && PORT_NUMBER.matcher(told).matches()) {
            return Integer.parseInt(told);
        }
        String scheme = scheme(request, connection);
        return scheme.equals(request.scheme()) ? own : scheme.equals("https") ? 443 : 80;
    }

    /// What the outermost proxy wrote.
    private static @Nullable String first(RequestHead request, AsciiString field) {
        String value = request.headers().get(field);
        int comma = value == null ? -1 : value.indexOf(',');
        return value == null ? null : (comma < 0 ? value : value.substring(0, comma)).trim();
    }

    private static String element(RequestHead request, String peer) {
        String node = peer.indexOf(':') < 0 ? peer : "\"[" + peer + "]\""; // RFC 7239 6
        return "for=" + node + ";host=\"" + request.authority() + "\";proto=" + request.scheme();
    }
}
