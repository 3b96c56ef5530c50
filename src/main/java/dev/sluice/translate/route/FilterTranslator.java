package dev.sluice.translate.route;

import dev.sluice.finding.FindingCode;
import dev.sluice.ir.FramingFields;
import dev.sluice.ir.HttpFilter;
import dev.sluice.ir.HttpFilter.Field;
import dev.sluice.ir.HttpFilter.HeaderEdit;
import dev.sluice.ir.HttpFilter.PathRewrite;
import dev.sluice.resource.GatewayFilter;
import dev.sluice.resource.Resources;
import dev.sluice.resource.Route;
import dev.sluice.translate.backend.BackendResolver;
import dev.sluice.translate.backend.BackendUse;
import dev.sluice.translate.backend.Traffic;
import dev.sluice.translate.status.Rejection;
import dev.sluice.translate.status.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The filters of rules and backends.
final class FilterTranslator {

    private static final int FOUND = 302;

    /// Bytes of a body that an authorization server may receive: they are held for each request.
    private static final int MAX_BODY = 1 << 20;

    private static final int PERCENT = 100;
    private static final int MAX_AGE_SECONDS = 5;

    private final Resources resources;
    private final BackendResolver backendResolver;

    FilterTranslator(Resources resources, BackendResolver backendResolver) {
        this.resources = resources;
        this.backendResolver = backendResolver;
    }

    /// The filters; null when one cannot be honoured, since a rule without it must not serve. A
    /// mirror whose backend does not resolve is left out: the rule serves without copies.
    @Nullable List<HttpFilter> filters(
            BackendUse use, List<Route.Filter> filters, String field, Problems problems) {
        List<HttpFilter> result = new ArrayList<>();
        boolean whole = true;
        for (int i = 0; i < filters.size(); i++) {
            Route.Filter filter = filters.get(i);
            String at = field + "filters[" + i + "]";
            HttpFilter made = filter(use, filter, at, problems);
            if (made != null) {
                result.add(made);
            } else if (!filter.type().equals("RequestMirror") || filter.requestMirror() == null) {
                whole = false;
            }
        }
        if (result.stream().anyMatch(HttpFilter.Redirect.class::isInstance)
                && result.stream().anyMatch(HttpFilter.Rewrite.class::isInstance)) {
            problems.add(
                    new Rejection(
                            "IncompatibleFilters",
                            field + "filters: RequestRedirect and URLRewrite exclude each other"));
            return null;
        }
        return whole ? result : null;
    }

    private @Nullable HttpFilter filter(
            BackendUse use, Route.Filter filter, String field, Problems problems) {
        HttpFilter made =
                switch (filter.type()) {
                    case "RequestHeaderModifier" ->
                            filter.requestHeaderModifier() == null
                                    ? null
                                    : edited(
                                            filter.requestHeaderModifier(),
                                            field + ".requestHeaderModifier",
                                            problems,
                                            HttpFilter.RequestHeaders::new);
                    case "ResponseHeaderModifier" ->
                            filter.responseHeaderModifier() == null
                                    ? null
                                    : edited(
                                            filter.responseHeaderModifier(),
                                            field + ".responseHeaderModifier",
                                            problems,
                                            HttpFilter.ResponseHeaders::new);
                    case "RequestRedirect" ->
                            filter.requestRedirect() == null
                                    ? null
                                    : redirect(filter.requestRedirect());
                    case "URLRewrite" ->
                            filter.urlRewrite() == null
                                    ? null
                                    : new HttpFilter.Rewrite(
                                            filter.urlRewrite().hostname(),
                                            path(filter.urlRewrite().path()));
                    case "CORS" -> filter.cors() == null ? null : cors(filter.cors());
                    case "ExternalAuth" -> {
                        if (filter.externalAuth() == null) {
                            yield null;
                        }
                        yield externalAuth(use, filter.externalAuth(), field, problems);
                    }
                    case "RequestMirror" -> {
                        if (filter.requestMirror() == null) {
                            yield null;
                        }
                        yield mirror(use, filter.requestMirror(), field, problems);
                    }
                    case "ExtensionRef" -> {
                        if (filter.extensionRef() == null) {
                            yield null;
                        }
                        yield extension(use.route(), filter.extensionRef(), field, problems);
                    }
                    default -> {
                        problems.unsupported(
                                field + ".type: \"" + filter.type() + "\" is not supported");
                        yield null;
                    }
                };
        if (made == null && isBare(filter)) {
            problems.unsupported(field + ": " + filter.type() + " has no settings");
        }
        return made;
    }

    private static boolean isBare(Route.Filter filter) {
        return filter.requestHeaderModifier() == null
                && filter.responseHeaderModifier() == null
                && filter.requestRedirect() == null
                && filter.urlRewrite() == null
                && filter.requestMirror() == null
                && filter.cors() == null
                && filter.externalAuth() == null
                && filter.extensionRef() == null;
    }

    /// A modifier; null where it names a field that is not its to change.
    private static @Nullable HttpFilter edited(
            Route.HeaderFilter filter,
            String field,
            Problems problems,
            Function<HeaderEdit, HttpFilter> make) {
        HeaderEdit edit = edit(filter);
        boolean usable =
                isFree(names(edit.set()), field + ".set", problems)
                        && isFree(names(edit.add()), field + ".add", problems)
                        && isFree(edit.remove(), field + ".remove", problems);
        return usable ? make.apply(edit) : null;
    }

    private static List<String> names(List<Field> fields) {
        return fields.stream().map(Field::name).toList();
    }

    private static boolean isFree(List<String> names, String field, Problems problems) {
        for (int i = 0; i < names.size(); i++) {
            String problem = FramingFields.problem(names.get(i));
            if (problem != null) {
                problems.unsupported(field + "[" + i + "]: " + problem);
                return false;
            }
        }
        return true;
    }

    private static HeaderEdit edit(Route.HeaderFilter filter) {
        return new HeaderEdit(fields(filter.set()), fields(filter.add()), filter.remove());
    }

    private static List<Field> fields(List<Route.Header> headers) {
        return headers.stream().map(h -> new Field(h.name(), h.value())).toList();
    }

    private static HttpFilter redirect(Route.Redirect redirect) {
        return new HttpFilter.Redirect(
                redirect.scheme(),
                redirect.hostname(),
                path(redirect.path()),
                redirect.port(),
                redirect.statusCode() == null ? FOUND : redirect.statusCode());
    }

    private static @Nullable PathRewrite path(Route.@Nullable PathModifier path) {
        if (path == null) {
            return null;
        }
        return path.type().equals("ReplaceFullPath")
                ? new PathRewrite.Full(
                        path.replaceFullPath() == null ? "/" : path.replaceFullPath())
                : new PathRewrite.Prefix(
                        path.replacePrefixMatch() == null ? "/" : path.replacePrefixMatch());
    }

    private static HttpFilter cors(Route.Cors cors) {
        return new HttpFilter.Cors(
                cors.allowOrigins(),
                Boolean.TRUE.equals(cors.allowCredentials()),
                cors.allowMethods(),
                cors.allowHeaders(),
                cors.exposeHeaders(),
                Duration.ofSeconds(cors.maxAge() == null ? MAX_AGE_SECONDS : cors.maxAge()));
    }

    private @Nullable HttpFilter mirror(
            BackendUse use, Route.Mirror mirror, String field, Problems problems) {
        String backend =
                valueOrReport(
                        backendResolver.resolve(
                                use, mirror.backendRef(), field + ".requestMirror.backendRef"),
                        problems);
        if (backend == null) {
            return null;
        }
        Route.Fraction fraction = mirror.fraction();
        if (fraction != null) {
            int denominator = fraction.denominator() == null ? PERCENT : fraction.denominator();
            return new HttpFilter.Mirror(backend, fraction.numerator(), denominator);
        }
        int percent = mirror.percent() == null ? PERCENT : mirror.percent();
        return new HttpFilter.Mirror(backend, percent, PERCENT);
    }

    private @Nullable HttpFilter externalAuth(
            BackendUse use, Route.ExternalAuth auth, String field, Problems problems) {
        boolean grpc = auth.protocol().equals("GRPC");
        String backend =
                valueOrReport(
                        backendResolver.resolve(
                                use,
                                auth.backendRef(),
                                grpc ? Traffic.GRPC : Traffic.HTTP,
                                field + ".externalAuth.backendRef"),
                        problems);
        if (backend == null) {
            return null;
        }
        Integer most = auth.forwardBody() == null ? null : auth.forwardBody().maxSize();
        if (most != null && (most < 0 || most > MAX_BODY)) {
            problems.unsupported(
                    field
                            + ".externalAuth.forwardBody.maxSize: %d is not within 0 to %d"
                                    .formatted(most, MAX_BODY));
            return null;
        }
        Route.HttpAuth http = auth.http();
        String path = http == null || http.path() == null ? "" : http.path();
        if (!path.isEmpty() && !isPlainPrefix(path)) {
            problems.unsupported(
                    field + ".externalAuth.http.path: \"" + path + "\" is not a plain path");
            return null;
        }
        return new HttpFilter.ExternalAuth(
                backend,
                grpc
                        ? new HttpFilter.AuthProtocol.Grpc(
                                auth.grpc() == null ? List.of() : auth.grpc().allowedHeaders())
                        : new HttpFilter.AuthProtocol.Http(
                                path.endsWith("/") ? path.substring(0, path.length() - 1) : path,
                                http == null ? List.of() : http.allowedHeaders(),
                                http == null ? List.of() : http.allowedResponseHeaders()),
                most == null ? 0 : most);
    }

    private static @Nullable String valueOrReport(Result<String> checked, Problems problems) {
        if (checked.rejection() != null) {
            problems.add(checked.rejection());
        }
        return checked.value();
    }

    /// Without what a server could read in two ways.
    private static boolean isPlainPrefix(String path) {
        return path.startsWith("/")
                && !path.contains("//")
                && path.indexOf('%') < 0
                && List.of(path.split("/", -1)).stream()
                        .noneMatch(part -> part.equals(".") || part.equals(".."));
    }

    private @Nullable HttpFilter extension(
            Route route, Route.ExtensionRef ref, String field, Problems problems) {
        if (!ref.group().equals(GatewayFilter.GROUP) || !ref.kind().equals("GatewayFilter")) {
            problems.add(
                    new Rejection(
                            "InvalidKind",
                            field
                                    + ".extensionRef: "
                                    + ref.group()
                                    + "/"
                                    + ref.kind()
                                    + " is not "
                                    + GatewayFilter.GROUP
                                    + "/GatewayFilter"));
            return null;
        }
        GatewayFilter filter = resources.find(GatewayFilter.class, route.namespace(), ref.name());
        if (filter == null) {
            problems.add(
                    new Rejection(
                            "BackendNotFound",
                            field
                                    + ".extensionRef: GatewayFilter \""
                                    + route.namespace()
                                    + "/"
                                    + ref.name()
                                    + "\" not found",
                            FindingCode.FILTER_NOT_FOUND));
            return null;
        }
        return new HttpFilter.Spring(ref.name(), filter.spec().factory(), filter.spec().args());
    }
}
