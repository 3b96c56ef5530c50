package dev.sluice.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Protocols that a request may change its connection to (RFC 9110 7.8, RFC 8441): `websocket`, and
/// what the operator names.
///
/// A tunnel carries bytes that no rule sees. HTTP in it would be requests past all rules, so that
/// no version of HTTP is ever one of them.
public final class Upgrades {

    private static final String WEBSOCKET = "websocket";

    /// WebSocket and nothing else.
    public static final Upgrades ONLY_WEBSOCKET = of(List.of());

    private final TreeMap<String, String> names = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    private Upgrades(List<String> more) {
        names.put(WEBSOCKET, WEBSOCKET);
        more.forEach(name -> names.put(name, name));
    }

    /// @param more protocols besides `websocket`, each `name` or `name/version`
    /// @throws IllegalArgumentException when one is no such name, or a version of HTTP; with its
    ///   text
    public static Upgrades of(List<String> more) {
        for (String name : more) {
            if (!isProtocol(name)) {
                throw new IllegalArgumentException("\"" + name + "\" is not a protocol's name");
            }
            if (isHttp(name.toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException(
                        "\"" + name + "\" would carry requests past all rules");
            }
        }
        return new Upgrades(more);
    }

    private static boolean isProtocol(String text) {
        int slash = text.indexOf('/');
        return slash < 0
                ? HttpSyntax.isToken(text)
                : HttpSyntax.isToken(text.substring(0, slash))
                        && HttpSyntax.isToken(text.substring(slash + 1));
    }

    private static boolean isHttp(String name) {
        return name.matches("h[23]c?([-/].*)?|https?([-/].*)?");
    }

    /// The protocol as backends are asked for it; null when it is not tunnelled.
    public @Nullable String find(CharSequence protocol) {
        return names.get(protocol.toString());
    }

    /// The first protocol that a request of HTTP/1.1 asks for and that is tunnelled; null when
    /// there is none, and the request is an ordinary one.
    public @Nullable String requested(HttpHeaders headers) {
        if (!headers.contains(HttpHeaderNames.UPGRADE)
                || !HopByHop.hasOption(headers, HttpHeaderNames.UPGRADE)) {
            return null;
        }
        for (String value : headers.getAll(HttpHeaderNames.UPGRADE)) {
            for (String protocol : value.split(",", -1)) {
                String known = find(protocol.trim());
                if (known != null) {
                    return known;
                }
            }
        }
        return null;
    }

    /// Whether a response of status 101 changes to the protocol that the request asks for.
    public static boolean isAnswered(HttpHeaders request, HttpHeaders response) {
        String asked = request.get(HttpHeaderNames.UPGRADE);
        List<String> answered = response.getAll(HttpHeaderNames.UPGRADE);
        return asked != null && answered.size() == 1 && asked.equalsIgnoreCase(answered.get(0));
    }
}
