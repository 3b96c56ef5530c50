package dev.sluice.policy.auth.authentication;

import dev.sluice.engine.Exchange;
import dev.sluice.http.RequestHead;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// Where in a request a credential is looked for: first in header fields, then in cookies, then in
/// the query.
///
/// @param headers fields
/// @param cookies names
/// @param params names of query parameters
public record CredentialLocations(List<Header> headers, List<String> cookies, List<String> params)
        implements AuthenticationResult.Credential {

    /// RFC 6750 2.1.
    public static final CredentialLocations BEARER =
            new CredentialLocations(
                    List.of(new Header("authorization", "Bearer ")), List.of(), List.of());

    public CredentialLocations {
        headers = List.copyOf(headers);
        cookies = List.copyOf(cookies);
        params = List.copyOf(params);
    }

    /// @param name in lower case
    /// @param prefix before the credential, in any case; a field without it holds another one
    public record Header(String name, String prefix) {}

    /// What was found.
    ///
    /// @param value null when it cannot be known which of several is meant
    public record FoundCredential(@Nullable String value) {}

    private static final FoundCredential AMBIGUOUS = new FoundCredential(null);

    /// The credential of a request, null when there is none. One from the query is hidden from
    /// observers.
    public @Nullable FoundCredential find(Exchange exchange) {
        RequestHead request = exchange.request();
        for (int i = 0; i < headers.size(); i++) {
            FoundCredential foundCredential = inField(request, headers.get(i));
            if (foundCredential != null) {
                return foundCredential;
            }
        }
        if (!cookies.isEmpty() && request.headers().contains(HttpHeaderNames.COOKIE)) {
            for (String name : cookies) {
                FoundCredential foundCredential = one(named(Cookies.pairs(request), name), false);
                if (foundCredential != null) {
                    return foundCredential;
                }
            }
        }
        return params.isEmpty() ? null : inQuery(exchange);
    }

    private static @Nullable FoundCredential inField(RequestHead request, Header place) {
        Iterator<String> values = request.headers().valueStringIterator(place.name());
        if (!values.hasNext()) {
            return null;
        }
        String value = values.next();
        if (values.hasNext()) {
            return AMBIGUOUS; // what is judged here may not be what the backend reads
        }
        String prefix = place.prefix();
        return value.regionMatches(true, 0, prefix, 0, prefix.length())
                ? new FoundCredential(value.substring(prefix.length()).trim())
                : null;
    }

    private @Nullable FoundCredential inQuery(Exchange exchange) {
        List<String> pairs = List.of(exchange.query().split("&", -1));
        for (String name : params) {
            FoundCredential foundCredential = one(named(pairs, name), true);
            if (foundCredential != null) {
                exchange.target(without(exchange.target(), name));
                return foundCredential;
            }
        }
        return null;
    }

    private static List<String> named(List<String> pairs, String name) {
        List<String> values = new ArrayList<>(1);
        for (String pair : pairs) {
            if (pair.startsWith(name)
                    && pair.length() > name.length()
                    && pair.charAt(name.length()) == '=') {
                values.add(pair.substring(name.length() + 1));
            }
        }
        return values;
    }

    private static @Nullable FoundCredential one(List<String> values, boolean encoded) {
        if (values.isEmpty()) {
            return null;
        }
        if (values.size() > 1) {
            return AMBIGUOUS;
        }
        if (!encoded) {
            return new FoundCredential(values.get(0));
        }
        try {
            return new FoundCredential(QueryStringDecoder.decodeComponent(values.get(0)));
        } catch (IllegalArgumentException e) {
            return AMBIGUOUS;
        }
    }

    @Override
    public void remove(Exchange exchange) {
        RequestHead request = exchange.request();
        for (Header place : headers) {
            if (inField(request, place) != null) {
                request.headers().remove(place.name());
            }
        }
        if (!cookies.isEmpty() && request.headers().contains(HttpHeaderNames.COOKIE)) {
            Cookies.remove(request, cookies);
        }
        for (String name : params) {
            request.target(without(request.target(), name));
        }
    }

    private static String without(String target, String param) {
        int query = target.indexOf('?');
        if (query < 0) {
            return target;
        }
        StringJoiner rest = new StringJoiner("&");
        for (String pair : target.substring(query + 1).split("&", -1)) {
            if (!pair.startsWith(param + "=")) {
                rest.add(pair);
            }
        }
        return rest.length() == 0
                ? target.substring(0, query)
                : target.substring(0, query + 1) + rest;
    }
}
