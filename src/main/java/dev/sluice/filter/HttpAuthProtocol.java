package dev.sluice.filter;

import dev.sluice.engine.Exchange;
import dev.sluice.engine.LocalReply;
import dev.sluice.http.DroppedFields;
import dev.sluice.http.HttpFields;
import dev.sluice.http.RequestHead;
import dev.sluice.ir.FramingFields;
import dev.sluice.ir.HttpFilter;
import dev.sluice.upstream.pool.SideRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Asks by the request itself: its method, host and path, and those of its fields that are allowed.
/// 200 lets it pass; any other answer is the client's.
///
/// @param filter the settings
record HttpAuthProtocol(HttpFilter.AuthProtocol.Http filter) implements ExternalAuthProtocol {

    /// Fields that tell of the answer's own body, not of the request.
    private static final Set<String> OWN = Set.of("content-type", "content-encoding");

    @Override
    public CheckMessage message(Exchange exchange, byte[] body) {
        RequestHead request = exchange.request();
        HttpHeaders fields = new HttpFields();
        copy(request.headers(), "authorization", fields);
        for (String name : filter.allowedHeaders()) {
            if (!name.equalsIgnoreCase("authorization")
                    && !OWN.contains(lower(name))
                    && !FramingFields.contains(name)) {
                copy(request.headers(), name, fields);
            }
        }
        if (body.length > 0 && request.headers().contains(HttpHeaderNames.CONTENT_TYPE)) {
            copy(request.headers(), "content-type", fields);
        }
        fields.set(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(body.length));
        return new CheckMessage(
                new RequestHead(
                        request.method(),
                        request.scheme(),
                        request.authority(),
                        filter.path() + request.target(),
                        fields),
                ByteBuffer.wrap(body));
    }

    private static void copy(HttpHeaders from, String name, HttpHeaders to) {
        from.getAll(name).forEach(value -> to.add(name, value));
    }

    /// Content-Length and Content-Type are in each answer, and are not counted.
    private static boolean isPassedOn(String name) {
        return !OWN.contains(lower(name))
                && !name.equalsIgnoreCase("content-length")
                && DroppedFields.EXTERNAL_AUTH.admits(name);
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    @Override
    public CheckResult result(SideRequest.FullResponse fullResponse) {
        HttpHeaders told = fullResponse.head().headers();
        if (fullResponse.head().status() == 200) {
            return new Allowed(request -> change(request, told), List.of());
        }
        String text = StandardCharsets.UTF_8.decode(fullResponse.body().duplicate()).toString();
        LocalReply localReply = LocalReply.of(fullResponse.head().status(), type(told), text);
        for (Map.Entry<String, String> field : told) {
            if (isPassedOn(field.getKey())) {
                localReply.head().headers().add(field.getKey(), field.getValue());
            }
        }
        return new Denied(localReply);
    }

    private static String type(HttpHeaders told) {
        return told.get(HttpHeaderNames.CONTENT_TYPE, LocalReply.TEXT);
    }

    /// Fields that are named are the server's to set: what a client sends in them goes.
    private void change(HttpHeaders request, HttpHeaders told) {
        filter.allowedResponseHeaders().forEach(request::remove);
        for (String name : told.names()) {
            boolean wanted =
                    filter.allowedResponseHeaders().isEmpty()
                            || filter.allowedResponseHeaders().stream()
                                    .anyMatch(name::equalsIgnoreCase);
            if (wanted && isPassedOn(name)) {
                request.set(name, told.getAll(name));
            }
        }
    }
}
