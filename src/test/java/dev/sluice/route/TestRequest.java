package dev.sluice.route;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A request as a value.
///
/// @param headers values by name in lower case
record TestRequest(
        String method, String host, String path, String query, Map<String, String> headers)
        implements RequestView {

    static TestRequest get(String host, String path) {
        return new TestRequest("GET", host, path, "", Map.of());
    }

    TestRequest withMethod(String other) {
        return new TestRequest(other, host, path, query, headers);
    }

    TestRequest withQuery(String other) {
        return new TestRequest(method, host, path, other, headers);
    }

    TestRequest withHeader(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name.toLowerCase(Locale.ROOT), value);
        return new TestRequest(method, host, path, query, more);
    }

    @Override
    public @Nullable String header(String name) {
        return headers.get(name);
    }
}
