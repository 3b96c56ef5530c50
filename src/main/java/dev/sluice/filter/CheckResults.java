package dev.sluice.filter;

import dev.sluice.engine.LocalReply;
import dev.sluice.filter.ExternalAuthProtocol.Allowed;
import dev.sluice.filter.ExternalAuthProtocol.CheckResult;
import dev.sluice.filter.ExternalAuthProtocol.Denied;
import dev.sluice.grpc.ExternalAuth.CheckResponse;
import dev.sluice.grpc.ExternalAuth.DeniedHttpResponse;
import dev.sluice.grpc.ExternalAuth.HeaderValue;
import dev.sluice.grpc.ExternalAuth.HeaderValueOption;
import dev.sluice.grpc.ExternalAuth.OkHttpResponse;
import dev.sluice.http.DroppedFields;
import dev.sluice.http.HttpSyntax;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Map;

/// What `envoy.service.auth.v3.CheckResponse` decides. Fields that a server must not set, and those
/// that HTTP would not carry, are left out.
final class CheckResults {

    private static final int OK = 0;

    private CheckResults() {}

    static CheckResult of(CheckResponse response) {
        return response.getStatus().getCode() == OK
                ? allowed(response.getOkResponse())
                : denied(response.getDeniedResponse());
    }

    private static Allowed allowed(OkHttpResponse ok) {
        return new Allowed(
                request -> {
                    ok.getHeadersToRemoveList().stream()
                            .filter(CheckResults::isFree)
                            .forEach(request::remove);
                    change(request, ok.getHeadersList());
                },
                ok.getResponseHeadersToAddList().stream()
                        .map(HeaderValueOption::getHeader)
                        .filter(CheckResults::isSafe)
                        .map(header -> Map.entry(header.getKey(), value(header)))
                        .toList());
    }

    private static Denied denied(DeniedHttpResponse denied) {
        int code = denied.getStatus().getCode();
        int status = code >= 200 && code < 600 ? code : 403;
        LocalReply reply = LocalReply.of(status, LocalReply.TEXT, denied.getBody());
        change(reply.head().headers(), denied.getHeadersList());
        return new Denied(reply);
    }

    private static void change(HttpHeaders fields, List<HeaderValueOption> options) {
        for (HeaderValueOption option : options) {
            HeaderValue header = option.getHeader();
            if (!isSafe(header)) {
                continue;
            }
            if (option.getAppend().getValue()) {
                fields.add(header.getKey(), value(header));
            } else {
                fields.set(header.getKey(), value(header));
            }
        }
    }

    private static String value(HeaderValue header) {
        return header.getRawValue().isEmpty()
                ? header.getValue()
                : header.getRawValue().toStringUtf8();
    }

    private static boolean isFree(String name) {
        return DroppedFields.EXTERNAL_AUTH.admits(name);
    }

    private static boolean isSafe(HeaderValue header) {
        return isFree(header.getKey())
                && HttpSyntax.isToken(header.getKey())
                && HttpSyntax.isFieldValue(value(header));
    }
}
