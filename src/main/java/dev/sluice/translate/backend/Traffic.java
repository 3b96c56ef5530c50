package dev.sluice.translate.backend;

import dev.sluice.ir.Upstream.Protocol;
import dev.sluice.resource.Service;

/// What a route sends to its backends.
public enum Traffic {
    HTTP,
    GRPC,
    /// Bytes, which a BackendTLSPolicy may encrypt.
    TCP,
    /// Bytes that the client has encrypted.
    PASSTHROUGH;

    /// What it is sent by to a Service's port.
    Protocol protocol(Service.Port port) {
        return switch (this) {
            case HTTP ->
                    "kubernetes.io/h2c".equals(port.appProtocol())
                            ? Protocol.HTTP2
                            : Protocol.HTTP1;
            case GRPC -> Protocol.HTTP2;
            case TCP, PASSTHROUGH -> Protocol.TCP;
        };
    }

    /// What its upstream's id ends with.
    String suffix(Service.Port port) {
        return switch (this) {
            case HTTP, GRPC -> protocol(port) == Protocol.HTTP2 ? "/h2" : "";
            case TCP -> "/tcp";
            case PASSTHROUGH -> "/tls";
        };
    }
}
