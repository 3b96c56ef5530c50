package dev.sluice.admin;

import dev.sluice.path.NormalizedPath;
import dev.sluice.route.RequestView;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A request that somebody asks about.
///
/// @param method as it would be sent
/// @param port that the URL leads to
/// @param host in lower case, without port
/// @param path as matching sees it
/// @param query without its question mark
/// @param fields values by name in lower case
record ExplainRequest(
        String method, int port, String host, String path, String query, Map<String, String> fields)
        implements RequestView {

    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    /// @param fields `Name: value`
    /// @throws IllegalArgumentException with the parameter and its value when one is malformed
    static ExplainRequest of(String method, String url, List<String> fields) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("url: \"" + url + "\": " + e.getReason(), e);
        }
        if (uri.getHost() == null || uri.getScheme() == null) {
            throw new IllegalArgumentException(
                    "url: \"" + url + "\" is not of the form http://host[:port]/path");
        }
        boolean tls = uri.getScheme().equalsIgnoreCase("https");
        String raw = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String path =
                switch (NormalizedPath.of(raw)) {
                    case NormalizedPath.Safe(String safe) -> safe;
                    case NormalizedPath.Dangerous(String reason) ->
                            throw new IllegalArgumentException(
                                    "url: the path is refused with 400: " + reason);
                };
        return new ExplainRequest(
                method,
                uri.getPort() > 0 ? uri.getPort() : tls ? HTTPS : HTTP,
                uri.getHost().toLowerCase(Locale.ROOT),
                path,
                uri.getRawQuery() == null ? "" : uri.getRawQuery(),
                parse(fields));
    }

    private static Map<String, String> parse(List<String> fields) {
        Map<String, String> byName = new LinkedHashMap<>();
        for (String field : fields) {
            int colon = field.indexOf(':');
            if (colon < 1) {
                throw new IllegalArgumentException(
                        "header: \"" + field + "\" is not of the form Name: value");
            }
            byName.merge(
                    field.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                    field.substring(colon + 1).strip(),
                    (one, other) -> one + "," + other);
        }
        return byName;
    }

    @Override
    public @Nullable String header(String name) {
        return fields.get(name);
    }
}
