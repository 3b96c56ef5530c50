package dev.sluice.translate.backend;

import dev.sluice.ir.Upstream.Protocol;
import dev.sluice.resource.GrpcRoute;
import dev.sluice.resource.HttpRoute;
import dev.sluice.resource.Route;
import dev.sluice.resource.Service;
import dev.sluice.resource.TcpRoute;

/// What a route sends to its backends.
public enum Traffic {
    HTTP,
    GRPC,
    TCP;

    static Traffic of(Route route) {
        return switch (route) {
            case HttpRoute _ -> HTTP;
            case GrpcRoute _ -> GRPC;
            case TcpRoute _ -> TCP;
        };
    }

    /// What it is sent by to a Service's port.
    Protocol protocol(Service.Port port) {
        return switch (this) {
            case HTTP ->
                    "kubernetes.io/h2c".equals(port.appProtocol())
                            ? Protocol.HTTP2
                            : Protocol.HTTP1;
            case GRPC -> Protocol.HTTP2;
            case TCP -> Protocol.TCP;
        };
    }
}
