package dev.sluice.filter;

import dev.sluice.engine.Exchange;
import dev.sluice.grpc.ExternalAuth.CheckResponse;
import dev.sluice.grpc.UnaryCall;
import dev.sluice.grpc.UnaryCallException;
import dev.sluice.ir.HttpFilter;
import dev.sluice.upstream.pool.SideRequest;

/// Asks by `envoy.service.auth.v3.Authorization/Check`.
///
/// @param filter the settings
record GrpcAuthProtocol(HttpFilter.AuthProtocol.Grpc filter) implements ExternalAuthProtocol {

    private static final String CHECK = "/envoy.service.auth.v3.Authorization/Check";

    @Override
    public CheckMessage message(Exchange exchange, byte[] body) {
        return new CheckMessage(
                UnaryCall.head("http", "authorization", CHECK),
                UnaryCall.body(CheckRequests.of(exchange, filter.allowedHeaders(), body)));
    }

    @Override
    public CheckResult result(SideRequest.FullResponse response) {
        try {
            return CheckResults.of(
                    UnaryCall.message(
                            response.head(),
                            response.body(),
                            response.trailers(),
                            CheckResponse.parser()));
        } catch (UnaryCallException e) {
            return new Unclear(e.reason());
        }
    }
}
