package dev.sluice.ir;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A standard filter of a rule or backend, or a Spring one.
public sealed interface HttpFilter {

    /// Changes the request's header (`RequestHeaderModifier`).
    record RequestHeaders(HeaderEdit edit) implements HttpFilter {}

    /// Changes the response's header (`ResponseHeaderModifier`).
    record ResponseHeaders(HeaderEdit edit) implements HttpFilter {}

    /// Answers with a redirect (`RequestRedirect`). Null parts are taken from the request.
    ///
    /// @param scheme `http` or `https`
    /// @param hostname without port
    /// @param path how the path changes
    /// @param port 1 to 65535
    /// @param status 301, 302, 303, 307 or 308
    record Redirect(
            @Nullable String scheme,
            @Nullable String hostname,
            @Nullable PathRewrite path,
            @Nullable Integer port,
            int status)
            implements HttpFilter {}

    /// Changes where the request goes (`URLRewrite`).
    ///
    /// @param hostname the new Host, null to keep it
    /// @param path how the path changes, null to keep it
    record Rewrite(@Nullable String hostname, @Nullable PathRewrite path) implements HttpFilter {}

    /// Sends a copy of requests to another backend, whose responses are ignored (`RequestMirror`).
    ///
    /// @param upstream an [Upstream#id] of the same [Configuration]
    /// @param numerator of the share of requests that are copied, 0 to `denominator`
    /// @param denominator at least 1
    record Mirror(String upstream, int numerator, int denominator) implements HttpFilter {}

    /// Asks another backend whether a request may pass (`ExternalAuth`, GEP-1494).
    ///
    /// @param upstream an [Upstream#id] of the same [Configuration]
    /// @param protocol how it is asked
    /// @param maxBody bytes of the request's body that it receives, 0 for none
    record ExternalAuth(String upstream, AuthProtocol protocol, int maxBody)
            implements HttpFilter {}

    /// How an authorization server is asked.
    sealed interface AuthProtocol {

        /// By the request itself.
        ///
        /// @param path put in front of the request's, may be empty
        /// @param allowedHeaders fields of the request that are sent, beside the necessary ones
        /// @param allowedResponseHeaders fields of the answer that go to the backend; empty for all
        record Http(String path, List<String> allowedHeaders, List<String> allowedResponseHeaders)
                implements AuthProtocol {
            public Http {
                allowedHeaders = List.copyOf(allowedHeaders);
                allowedResponseHeaders = List.copyOf(allowedResponseHeaders);
            }
        }

        /// By Envoy's `ext_authz` (`envoy.service.auth.v3`).
        ///
        /// @param allowedHeaders fields of the request that are sent; empty for all
        record Grpc(List<String> allowedHeaders) implements AuthProtocol {
            public Grpc {
                allowedHeaders = List.copyOf(allowedHeaders);
            }
        }
    }

    /// Answers preflight requests and marks responses for browsers (`CORS`, GEP-1767).
    ///
    /// @param origins allowed ones: `scheme://host[:port]`, a host may begin with `*.`; `*` for all
    /// @param credentials whether cookies and the like are allowed
    /// @param methods allowed ones, `*` for all
    /// @param headers request fields that are allowed, `*` for all
    /// @param expose response fields that scripts may read, `*` for all
    /// @param maxAge how long a browser may keep the answer
    record Cors(
            List<String> origins,
            boolean credentials,
            List<String> methods,
            List<String> headers,
            List<String> expose,
            Duration maxAge)
            implements HttpFilter {
        public Cors {
            origins = List.copyOf(origins);
            methods = List.copyOf(methods);
            headers = List.copyOf(headers);
            expose = List.copyOf(expose);
        }
    }

    /// A Spring Cloud Gateway filter (`ExtensionRef` to our `GatewayFilter`), run in the Spring
    /// stage.
    ///
    /// @param name of the `GatewayFilter` object
    /// @param factory of the `GatewayFilterFactory`, such as `AddRequestHeader`
    /// @param args its arguments as written: texts, numbers, booleans, and lists and maps of them
    record Spring(String name, String factory, Map<String, ?> args) implements HttpFilter {
        public Spring {
            args = Collections.unmodifiableMap(new LinkedHashMap<>(args));
        }
    }

    /// Changes to header fields, applied in this order; names are case-insensitive.
    ///
    /// @param set replaces all fields of that name
    /// @param add appends a field
    /// @param remove removes all fields of that name
    record HeaderEdit(List<Field> set, List<Field> add, List<String> remove) {
        public HeaderEdit {
            set = List.copyOf(set);
            add = List.copyOf(add);
            remove = List.copyOf(remove);
        }
    }

    /// A header field.
    record Field(String name, String value) {}

    /// A change of the path; the query stays.
    sealed interface PathRewrite {

        /// The whole path becomes this one.
        record Full(String value) implements PathRewrite {}

        /// The part that the rule's path prefix matched becomes this one.
        record Prefix(String value) implements PathRewrite {}
    }
}
