package dev.sluice.filter;

import com.google.protobuf.ByteString;
import dev.sluice.engine.Exchange;
import dev.sluice.grpc.ExternalAuth.Address;
import dev.sluice.grpc.ExternalAuth.AttributeContext;
import dev.sluice.grpc.ExternalAuth.AttributeContext.Peer;
import dev.sluice.grpc.ExternalAuth.CheckRequest;
import dev.sluice.grpc.ExternalAuth.SocketAddress;
import dev.sluice.http.RequestHead;
import dev.sluice.net.Connection;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;

/// What `envoy.service.auth.v3.CheckRequest` says of a request.
final class CheckRequests {

    private CheckRequests() {}

    /// @param allowed fields that are sent; empty for all
    /// @param body empty for none
    static CheckRequest of(Exchange exchange, List<String> allowed, byte[] body) {
        Connection connection = exchange.client().connection();
        return CheckRequest.newBuilder()
                .setAttributes(
                        AttributeContext.newBuilder()
                                .setSource(peer(connection.remote()))
                                .setDestination(peer(connection.local()))
                                .setRequest(
                                        AttributeContext.Request.newBuilder()
                                                .setHttp(http(exchange, allowed, body))))
                .build();
    }

    private static Peer peer(InetSocketAddress of) {
        return Peer.newBuilder()
                .setAddress(
                        Address.newBuilder()
                                .setSocketAddress(
                                        SocketAddress.newBuilder()
                                                .setAddress(of.getAddress().getHostAddress())
                                                .setPortValue(of.getPort())))
                .build();
    }

    /// Names of fields in lower case, several values with commas between.
    private static AttributeContext.HttpRequest http(
            Exchange exchange, List<String> allowed, byte[] body) {
        RequestHead request = exchange.request();
        AttributeContext.HttpRequest.Builder http =
                AttributeContext.HttpRequest.newBuilder()
                        .setMethod(request.method())
                        .setPath(request.target())
                        .setHost(request.authority())
                        .setScheme(exchange.clientScheme())
                        .setSize(body.length)
                        .setProtocol(exchange.client().protocol())
                        .setBody(ByteString.copyFrom(body));
        for (String name : request.headers().names()) {
            if (allowed.isEmpty()
                    || name.equalsIgnoreCase("authorization")
                    || allowed.stream().anyMatch(name::equalsIgnoreCase)) {
                http.putHeaders(
                        name.toLowerCase(Locale.ROOT),
                        String.join(",", request.headers().getAll(name)));
            }
        }
        return http.build();
    }
}
