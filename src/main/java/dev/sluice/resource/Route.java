package dev.sluice.resource;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What routes have in common.
public sealed interface Route extends Resource permits GrpcRoute, HttpRoute, L4Route {

    Spec spec();

    default List<ParentRef> parentRefs() {
        return spec().parentRefs();
    }

    default List<String> hostnames() {
        return spec().hostnames();
    }

    default List<? extends Rule> rules() {
        return spec().rules();
    }

    /// What specs of all kinds of routes have.
    sealed interface Spec permits HttpRoute.Spec, GrpcRoute.Spec, L4Route.Spec {

        List<ParentRef> parentRefs();

        List<String> hostnames();

        List<? extends Rule> rules();
    }

    /// What rules of all kinds of routes have.
    sealed interface Rule permits HttpRoute.Rule, GrpcRoute.Rule, L4Route.Rule {

        /// Null for none.
        @Nullable String name();

        default List<Filter> filters() {
            return List.of();
        }

        List<BackendRef> backendRefs();

        /// Null for none.
        default @Nullable Timeouts timeouts() {
            return null;
        }

        /// Null for none.
        default @Nullable Retry retry() {
            return null;
        }

        /// Null for none.
        default @Nullable SessionPersistence sessionPersistence() {
            return null;
        }
    }

    /// GEP-2257 durations.
    record Timeouts(@Nullable String request, @Nullable String backendRequest) {}

    /// @param attempts null for 1
    /// @param backoff GEP-2257 duration, null for none
    record Retry(List<Integer> codes, @Nullable Integer attempts, @Nullable String backoff) {
        public Retry {
            codes = Defaults.list(codes);
        }
    }

    /// @param namespace null for the route's own
    /// @param sectionName of a listener, null for all
    /// @param port of a listener, null for all
    record ParentRef(
            String group,
            String kind,
            @Nullable String namespace,
            String name,
            @Nullable String sectionName,
            @Nullable Integer port) {
        public ParentRef {
            group = Defaults.text(group, Gateway.GROUP);
            kind = Defaults.text(kind, "Gateway");
        }
    }

    /// @param namespace null for the route's own
    /// @param weight null for 1
    record BackendRef(
            String group,
            String kind,
            @Nullable String namespace,
            String name,
            @Nullable Integer port,
            @Nullable Integer weight,
            List<Filter> filters) {
        public BackendRef {
            group = Defaults.text(group, "");
            kind = Defaults.text(kind, "Service");
            filters = Defaults.list(filters);
        }
    }

    /// @param type `Exact` or `RegularExpression`
    record ValueMatch(String type, String name, String value) {
        public ValueMatch {
            type = Defaults.text(type, "Exact");
        }
    }

    /// A union by its type.
    record Filter(
            String type,
            @Nullable HeaderFilter requestHeaderModifier,
            @Nullable HeaderFilter responseHeaderModifier,
            @Nullable Redirect requestRedirect,
            @Nullable Rewrite urlRewrite,
            @Nullable Mirror requestMirror,
            @Nullable Cors cors,
            @Nullable ExternalAuth externalAuth,
            @Nullable ExtensionRef extensionRef) {}

    record HeaderFilter(List<Header> set, List<Header> add, List<String> remove) {
        public HeaderFilter {
            set = Defaults.list(set);
            add = Defaults.list(add);
            remove = Defaults.list(remove);
        }
    }

    record Header(String name, String value) {
        public Header {
            value = Defaults.text(value, "");
        }
    }

    record Redirect(
            @Nullable String scheme,
            @Nullable String hostname,
            @Nullable PathModifier path,
            @Nullable Integer port,
            @Nullable Integer statusCode) {}

    record Rewrite(@Nullable String hostname, @Nullable PathModifier path) {}

    /// @param type `ReplaceFullPath` or `ReplacePrefixMatch`
    record PathModifier(
            String type, @Nullable String replaceFullPath, @Nullable String replacePrefixMatch) {}

    /// @param percent 0 to 100, null for all or the fraction
    record Mirror(BackendRef backendRef, @Nullable Integer percent, @Nullable Fraction fraction) {}

    /// GEP-1494.
    ///
    /// @param protocol `HTTP` or `GRPC`
    record ExternalAuth(
            String protocol,
            BackendRef backendRef,
            @Nullable GrpcAuth grpc,
            @Nullable HttpAuth http,
            @Nullable ForwardBody forwardBody) {}

    record GrpcAuth(List<String> allowedHeaders) {
        public GrpcAuth {
            allowedHeaders = Defaults.list(allowedHeaders);
        }
    }

    record HttpAuth(
            @Nullable String path,
            List<String> allowedHeaders,
            List<String> allowedResponseHeaders) {
        public HttpAuth {
            allowedHeaders = Defaults.list(allowedHeaders);
            allowedResponseHeaders = Defaults.list(allowedResponseHeaders);
        }
    }

    /// @param maxSize bytes, null or 0 for no body
    record ForwardBody(@Nullable Integer maxSize) {}

    /// @param denominator null for 100
    record Fraction(int numerator, @Nullable Integer denominator) {}

    /// @param maxAge seconds, null for 5
    record Cors(
            List<String> allowOrigins,
            @Nullable Boolean allowCredentials,
            List<String> allowMethods,
            List<String> allowHeaders,
            List<String> exposeHeaders,
            @Nullable Integer maxAge) {
        public Cors {
            allowOrigins = Defaults.list(allowOrigins);
            allowMethods = Defaults.list(allowMethods);
            allowHeaders = Defaults.list(allowHeaders);
            exposeHeaders = Defaults.list(exposeHeaders);
        }
    }

    record ExtensionRef(String group, String kind, String name) {}

    /// GEP-1619; durations by GEP-2257.
    ///
    /// @param type `Cookie` or `Header`
    /// @param sessionName in v1.6
    /// @param cookieConfig in v1.6
    /// @param cookie in v1.7
    /// @param header in v1.7
    record SessionPersistence(
            @Nullable String sessionName,
            @Nullable String absoluteTimeout,
            @Nullable String idleTimeout,
            String type,
            @Nullable CookieConfig cookieConfig,
            @Nullable SessionCookie cookie,
            @Nullable SessionHeader header) {
        public SessionPersistence {
            type = Defaults.text(type, "Cookie");
        }

        /// What its users call it, null where they don't.
        public @Nullable String name() {
            if (sessionName != null) {
                return sessionName;
            }
            if (cookie != null) {
                return cookie.name();
            }
            return header == null ? null : header.name();
        }

        /// Whether its cookie outlives the browser.
        public boolean isPermanent() {
            return cookieConfig != null && cookieConfig.lifetimeType().equals("Permanent")
                    || cookie != null && cookie.lifetimeType().equals("Permanent");
        }
    }

    /// @param lifetimeType `Session` or `Permanent`
    record SessionCookie(@Nullable String name, String lifetimeType) {
        public SessionCookie {
            lifetimeType = Defaults.text(lifetimeType, "Session");
        }
    }

    record SessionHeader(@Nullable String name) {}

    /// @param lifetimeType `Session` or `Permanent`
    record CookieConfig(String lifetimeType) {
        public CookieConfig {
            lifetimeType = Defaults.text(lifetimeType, "Session");
        }
    }
}
