package dev.sluice.app.settings;

import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// What GatewayFilters, which tenants write, may use of the application.
///
/// @param allowed names of `GatewayFilterFactory`; `*` for all. By default those of Spring Cloud
///   Gateway that reach nothing but the request, the response, and limits of their rule
/// @param packages whose factories may be used as well
/// @param forwards paths of handlers that a filter may forward to (`fallbackUri: forward:/sorry`)
/// @param keyResolvers names of `KeyResolver` beans that a rate limiter may count by
public record SpringFilterProperties(
        @DefaultValue({
                    "AddRequestHeader",
                    "AddRequestHeadersIfNotPresent",
                    "AddRequestParameter",
                    "AddResponseHeader",
                    "CircuitBreaker",
                    "DedupeResponseHeader",
                    "FallbackHeaders",
                    "MapRequestHeader",
                    "PrefixPath",
                    "PreserveHostHeader",
                    "RedirectTo",
                    "RemoveJsonAttributesResponseBody",
                    "RemoveRequestHeader",
                    "RemoveRequestParameter",
                    "RemoveResponseHeader",
                    "RequestHeaderSize",
                    "RequestRateLimiter",
                    "RequestSize",
                    "Retry",
                    "RewriteLocationResponseHeader",
                    "RewritePath",
                    "RewriteRequestParameter",
                    "RewriteResponseHeader",
                    "SecureHeaders",
                    "SetPath",
                    "SetRequestHeader",
                    "SetRequestHostHeader",
                    "SetResponseHeader",
                    "SetStatus",
                    "StripPrefix"
                })
                Set<String> allowed,
        @DefaultValue Set<String> packages,
        @DefaultValue Set<String> forwards,
        @DefaultValue Set<String> keyResolvers) {

    private static final Pattern PACKAGE =
            Pattern.compile(
                    "\\p{javaJavaIdentifierStart}\\p{javaJavaIdentifierPart}*+"
                            + "(\\.\\p{javaJavaIdentifierStart}\\p{javaJavaIdentifierPart}*+)*+");

    /// Plain ones: what a server reads in one way only.
    private static final Pattern PATH = Pattern.compile("(/(?!\\.\\.?(/|$))[A-Za-z0-9._~-]++)++");

    public SpringFilterProperties {
        allowed = Set.copyOf(allowed);
        packages = Set.copyOf(packages);
        forwards = Set.copyOf(forwards);
        keyResolvers = Set.copyOf(keyResolvers);
        check("packages", "names of packages, such as com.example.filters", PACKAGE, packages);
        check("forwards", "plain paths, such as /sorry", PATH, forwards);
    }

    private static void check(String name, String what, Pattern form, Set<String> values) {
        for (String value : values) {
            if (!form.matcher(value).matches()) {
                throw new IllegalArgumentException(
                        "sluice.spring-filters.%s must be %s, was \"%s\""
                                .formatted(name, what, value));
            }
        }
    }

    /// Refuses paths that lead to the management port's own handlers.
    ///
    /// @param management base path of its endpoints; empty for the root
    public void checkApartFrom(String management) {
        for (String path : forwards) {
            if ((path + "/").startsWith(management + "/")) {
                throw new IllegalArgumentException(
                        "sluice.spring-filters.forwards must be apart from the endpoints below \"%s\" (management.endpoints.web.base-path), was \"%s\""
                                .formatted(management, path));
            }
        }
    }
}
