package dev.sluice.translate;

import dev.sluice.ir.HttpFilter;
import dev.sluice.ir.HttpFilter.Field;
import dev.sluice.ir.HttpFilter.HeaderEdit;
import dev.sluice.ir.HttpFilter.PathRewrite;
import dev.sluice.resource.GatewayFilter;
import dev.sluice.resource.HttpRoute;
import dev.sluice.resource.Resources;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The filters of rules and backends.
final class FilterTranslator {

    private static final int FOUND = 302;

    private final Resources resources;

    FilterTranslator(Resources resources) {
        this.resources = resources;
    }

    /// The filters; null when one cannot be honoured, since a rule without it must not serve.
    @Nullable List<HttpFilter> filters(
            HttpRoute route,
            List<HttpRoute.Filter> filters,
            String field,
            Consumer<Rejection> rejections) {
        List<HttpFilter> result = new ArrayList<>();
        boolean whole = true;
        for (int i = 0; i < filters.size(); i++) {
            HttpFilter filter =
                    filter(route, filters.get(i), field + "filters[" + i + "]", rejections);
            if (filter == null) {
                whole = false;
            } else {
                result.add(filter);
            }
        }
        return whole ? result : null;
    }

    private @Nullable HttpFilter filter(
            HttpRoute route,
            HttpRoute.Filter filter,
            String field,
            Consumer<Rejection> rejections) {
        HttpFilter known =
                switch (filter.type()) {
                    case "RequestHeaderModifier" ->
                            filter.requestHeaderModifier() == null
                                    ? null
                                    : new HttpFilter.RequestHeaders(
                                            edit(filter.requestHeaderModifier()));
                    case "ResponseHeaderModifier" ->
                            filter.responseHeaderModifier() == null
                                    ? null
                                    : new HttpFilter.ResponseHeaders(
                                            edit(filter.responseHeaderModifier()));
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
                    case "ExtensionRef" -> {
                        if (filter.extensionRef() != null) {
                            yield extension(route, filter.extensionRef(), field, rejections);
                        }
                        yield null;
                    }
                    default -> {
                        rejections.accept(
                                new Rejection(
                                        "UnsupportedValue",
                                        field
                                                + ".type: \""
                                                + filter.type()
                                                + "\" is not supported"));
                        yield null;
                    }
                };
        return known;
    }

    private static HeaderEdit edit(HttpRoute.HeaderFilter filter) {
        return new HeaderEdit(fields(filter.set()), fields(filter.add()), filter.remove());
    }

    private static List<Field> fields(List<HttpRoute.Header> headers) {
        return headers.stream().map(h -> new Field(h.name(), h.value())).toList();
    }

    private static HttpFilter redirect(HttpRoute.Redirect redirect) {
        return new HttpFilter.Redirect(
                redirect.scheme(),
                redirect.hostname(),
                path(redirect.path()),
                redirect.port(),
                redirect.statusCode() == null ? FOUND : redirect.statusCode());
    }

    private static @Nullable PathRewrite path(HttpRoute.@Nullable PathModifier path) {
        if (path == null) {
            return null;
        }
        return path.type().equals("ReplaceFullPath")
                ? new PathRewrite.Full(
                        path.replaceFullPath() == null ? "/" : path.replaceFullPath())
                : new PathRewrite.Prefix(
                        path.replacePrefixMatch() == null ? "/" : path.replacePrefixMatch());
    }

    private @Nullable HttpFilter extension(
            HttpRoute route,
            HttpRoute.ExtensionRef ref,
            String field,
            Consumer<Rejection> rejections) {
        if (!ref.group().equals(GatewayFilter.GROUP) || !ref.kind().equals("GatewayFilter")) {
            rejections.accept(
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
            rejections.accept(
                    new Rejection(
                            "BackendNotFound",
                            field
                                    + ".extensionRef: GatewayFilter \""
                                    + route.namespace()
                                    + "/"
                                    + ref.name()
                                    + "\" not found"));
            return null;
        }
        return new HttpFilter.Spring(ref.name(), filter.spec().factory(), filter.spec().args());
    }
}
