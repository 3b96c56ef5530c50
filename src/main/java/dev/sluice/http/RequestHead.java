package dev.sluice.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The head of a request, independent of the protocol version. Confined to one event loop; filters
/// change it in place.
public final class RequestHead {

    private final String method;
    private final String scheme;
    private String authority;
    private String target;
    private final HttpHeaders headers;

    /// @param method as received; unknown methods pass
    /// @param scheme `http` or `https`, as seen by the client
    /// @param authority `Host` or `:authority` as received, with its port
    /// @param target origin form or `*`, byte for byte as received (ISO-8859-1)
    /// @param headers without `Host` and without framing and hop-by-hop fields
    public RequestHead(
            String method, String scheme, String authority, String target, HttpHeaders headers) {
        this.method = method;
        this.scheme = scheme;
        this.authority = authority;
        this.target = target;
        this.headers = headers;
    }

    /// Stands for a head that cannot be understood.
    public static RequestHead unreadable() {
        return new RequestHead("-", "http", "", "-", new HttpFields());
    }

    /// An equal head that can be changed on its own.
    public RequestHead copy() {
        return new RequestHead(method, scheme, authority, target, headers.copy());
    }

    public String method() {
        return method;
    }

    public String scheme() {
        return scheme;
    }

    public String authority() {
        return authority;
    }

    public void authority(String value) {
        authority = value;
    }

    public String target() {
        return target;
    }

    public void target(String value) {
        target = value;
    }

    public HttpHeaders headers() {
        return headers;
    }

    /// The value of the first cookie with a name, null when there is none (RFC 6265 4.2.1).
    public @Nullable String cookie(String name) {
        return cookie(name, value -> value);
    }

    /// The first cookie with a name that is usable: of several, each is of another path, and one
    /// may be meant.
    ///
    /// @param read what a value means, null when it is not usable
    public <T> @Nullable T cookie(String name, Function<String, @Nullable T> read) {
        for (String cookies : headers.getAll(HttpHeaderNames.COOKIE)) {
            int at = 0;
            while (at < cookies.length()) {
                int end = cookies.indexOf(';', at);
                end = end < 0 ? cookies.length() : end;
                while (at < end && cookies.charAt(at) == ' ') {
                    at++;
                }
                int equals = at + name.length();
                if (equals < end && cookies.charAt(equals) == '=' && cookies.startsWith(name, at)) {
                    T found = read.apply(cookies.substring(equals + 1, end).trim());
                    if (found != null) {
                        return found;
                    }
                }
                at = end + 1;
            }
        }
        return null;
    }

    /// The raw path: the target up to the question mark.
    public String path() {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    /// The raw query behind the question mark, empty when there is none.
    public String query() {
        int query = target.indexOf('?');
        return query < 0 ? "" : target.substring(query + 1);
    }

    /// Replaces the path and keeps the query, question mark included.
    public void path(String value) {
        int query = target.indexOf('?');
        target = query < 0 ? value : value + target.substring(query);
    }

    @Override
    public String toString() {
        return method + " " + scheme + "://" + authority + target;
    }
}
