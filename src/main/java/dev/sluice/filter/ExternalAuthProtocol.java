package dev.sluice.filter;

import dev.sluice.engine.Exchange;
import dev.sluice.engine.LocalReply;
import dev.sluice.http.RequestHead;
import dev.sluice.upstream.pool.SideRequest;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// How an authorization server is asked, and what its answers mean.
interface ExternalAuthProtocol {

    /// @param body the beginning of the request's, empty where it is not wanted
    CheckMessage message(Exchange exchange, byte[] body);

    CheckResult result(SideRequest.FullResponse fullResponse);

    record CheckMessage(RequestHead head, ByteBuffer body) {}

    /// What the server says.
    sealed interface CheckResult {}

    /// @param changes to the request's fields
    /// @param response fields that the client gets
    record Allowed(Consumer<HttpHeaders> changes, List<Map.Entry<String, String>> response)
            implements CheckResult {
        public Allowed {
            response = List.copyOf(response);
        }
    }

    record Denied(LocalReply localReply) implements CheckResult {}

    /// The answer cannot be understood, or there is none.
    record Unclear(String reason) implements CheckResult {}
}
