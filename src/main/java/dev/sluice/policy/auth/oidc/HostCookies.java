package dev.sluice.policy.auth.oidc;

import dev.sluice.engine.Exchange;
import dev.sluice.policy.auth.authentication.AuthenticationResult;
import dev.sluice.policy.auth.authentication.Cookies;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A value in cookies of a host, in parts where it is too long for one. Over TLS their names begin
/// with `__Host-`, so that no other host and no clear-text page can set them (RFC 6265bis 4.1.3.2).
///
/// @param name of the first cookie; those of further parts have `.1` and so on behind it
record HostCookies(String name) implements AuthenticationResult.Credential {

    /// Characters of a value: browsers keep 4,096 of name, value and attributes.
    private static final int PART = 3_800;

    /// Cookies that a value may take.
    private static final int MOST = 5;

    /// The name of a part.
    private String name(Exchange exchange, int part) {
        String whole = exchange.clientScheme().equals("https") ? "__Host-" + name : name;
        return part == 0 ? whole : whole + "." + part;
    }

    /// The value, null when the request has none.
    @Nullable String value(Exchange exchange) {
        List<String> pairs = Cookies.pairs(exchange.request());
        StringBuilder value = new StringBuilder();
        for (int part = 0; part < MOST; part++) {
            String found = find(pairs, name(exchange, part));
            if (found == null) {
                break;
            }
            value.append(found);
        }
        return value.isEmpty() ? null : value.toString();
    }

    private static @Nullable String find(List<String> pairs, String name) {
        for (String pair : pairs) {
            if (pair.startsWith(name) && pair.startsWith("=", name.length())) {
                return pair.substring(name.length() + 1);
            }
        }
        return null;
    }

    /// Values of `Set-Cookie` that keep a value.
    ///
    /// @param value characters that a cookie may have
    /// @param seconds after which the browser forgets it
    /// @return null when it is too long for cookies
    @Nullable List<String> set(String value, long seconds, Exchange exchange) {
        int parts = (value.length() + PART - 1) / PART;
        if (parts > MOST) {
            return null;
        }
        List<String> cookies = new ArrayList<>();
        for (int part = 0; part < parts; part++) {
            String piece =
                    value.substring(part * PART, Math.min(value.length(), (part + 1) * PART));
            cookies.add(cookie(name(exchange, part), piece, seconds, exchange));
        }
        cookies.addAll(cleared(exchange, parts));
        return cookies;
    }

    /// Values of `Set-Cookie` that remove what the request has of it.
    List<String> clear(Exchange exchange) {
        return cleared(exchange, 0);
    }

    private List<String> cleared(Exchange exchange, int from) {
        List<String> pairs = Cookies.pairs(exchange.request());
        List<String> cookies = new ArrayList<>();
        for (int part = from; part < MOST; part++) {
            String each = name(exchange, part);
            if (find(pairs, each) != null) {
                cookies.add(cookie(each, "", 0, exchange));
            }
        }
        return cookies;
    }

    private static String cookie(String name, String value, long seconds, Exchange exchange) {
        return name
                + "="
                + value
                + "; Path=/; Max-Age="
                + seconds
                + "; HttpOnly; SameSite=Lax"
                + (exchange.clientScheme().equals("https") ? "; Secure" : "");
    }

    @Override
    public void remove(Exchange exchange) {
        List<String> names = new ArrayList<>();
        for (int part = 0; part < MOST; part++) {
            names.add(name(exchange, part));
        }
        Cookies.remove(exchange.request(), names);
    }
}
