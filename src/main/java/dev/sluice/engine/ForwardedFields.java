package dev.sluice.engine;

import dev.sluice.http.RequestHead;
import dev.sluice.net.Connection;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// `X-Forwarded-*` and `Forwarded` (RFC 7239) as backends see them. What a client sends in them is
/// not trusted: it is replaced by what we know of its connection. A trusted proxy's fields stay,
/// and its address is appended. Underscores for hyphens are no proxy's spelling; servers that do
/// not distinguish them (CGI, WSGI) would take a client's field for a proxy's.
final class ForwardedFields {

    private static final AsciiString FORWARDED = AsciiString.cached("forwarded");
    private static final AsciiString FOR = AsciiString.cached("x-forwarded-for");
    private static final AsciiString PROTO = AsciiString.cached("x-forwarded-proto");
    private static final AsciiString HOST = AsciiString.cached("x-forwarded-host");
    private static final AsciiString PORT = AsciiString.cached("x-forwarded-port");

    private static final Pattern PORT_NUMBER = Pattern.compile("[1-9][0-9]{0,4}");

    private static final String FAMILY = "x-forwarded-";
    private static final List<String> OTHERS = List.of("forwarded", "x-real-ip");

    private ForwardedFields() {}

    /// Sets the fields.
    ///
    /// @return the client's address without port
    static String set(RequestHead request, Connection connection) {
        HttpHeaders headers = request.headers();
        if (!connection.proxies().isEmpty()) {
            return append(request, connection);
        }
        remove(headers, false);
        headers.set(FOR, connection.remoteHost());
        headers.set(PROTO, request.scheme());
        headers.set(HOST, request.authority());
        return connection.remoteHost();
    }

    private static String append(RequestHead request, Connection connection) {
        HttpHeaders headers = request.headers();
        String peer = connection.remoteHost();
        remove(headers, true);
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

    /// Removes the fields that proxies write; `For`, `Proto` and `Host` are set anew.
    ///
    /// @param misspelt only those with underscores
    private static void remove(HttpHeaders headers, boolean misspelt) {
        List<CharSequence> removed = null;
        Iterator<Map.Entry<CharSequence, CharSequence>> all = headers.iteratorCharSequence();
        while (all.hasNext()) {
            CharSequence name = all.next().getKey();
            if (isProxys(name) && !(misspelt && AsciiString.indexOf(name, '_', 0) < 0)) {
                removed = removed == null ? new ArrayList<>() : removed;
                removed.add(name);
            }
        }
        if (removed != null) {
            removed.forEach(headers::remove);
        }
    }

    private static boolean isProxys(CharSequence name) {
        if (startsWith(name, FAMILY)) {
            return true;
        }
        for (String other : OTHERS) {
            if (name.length() == other.length() && startsWith(name, other)) {
                return true;
            }
        }
        return false;
    }

    private static boolean startsWith(CharSequence name, String lower) {
        if (name.length() < lower.length()) {
            return false;
        }
        for (int i = 0; i < lower.length(); i++) {
            char c = name.charAt(i);
            char plain = c == '_' ? '-' : c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
            if (plain != lower.charAt(i)) {
                return false;
            }
        }
        return true;
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
    /// @param own where no proxy reports another
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
