package dev.sluice.translate.backend;

import dev.sluice.ir.Upstream;
import dev.sluice.resource.Service;

/// A Service's port that a route leads to.
///
/// @param grpc whether gRPC is spoken to it
/// @param id of its upstream, without a client certificate
public record BackendPort(
        BackendUse by, Service service, Service.Port port, boolean grpc, String id) {

    static BackendPort of(BackendUse by, Service service, Service.Port port, boolean grpc) {
        String id = service.namespace() + "/" + service.name() + ":" + port.port();
        return new BackendPort(by, service, port, grpc, isHttp2(port, grpc) ? id + "/h2" : id);
    }

    public Upstream.Protocol protocol() {
        return isHttp2(port, grpc) ? Upstream.Protocol.HTTP2 : Upstream.Protocol.HTTP1;
    }

    private static boolean isHttp2(Service.Port port, boolean grpc) {
        return grpc || "kubernetes.io/h2c".equals(port.appProtocol());
    }
}
