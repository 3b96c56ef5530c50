package dev.sluice.translate.backend;

import dev.sluice.ir.Upstream;
import dev.sluice.resource.Service;

/// A Service's port that a route leads to.
///
/// @param traffic what is sent there
/// @param id of its upstream, without a client certificate
public record BackendPort(
        BackendUse by, Service service, Service.Port port, Traffic traffic, String id) {

    static BackendPort of(BackendUse by, Service service, Service.Port port, Traffic traffic) {
        String id = service.namespace() + "/" + service.name() + ":" + port.port();
        return new BackendPort(by, service, port, traffic, id + traffic.suffix(port));
    }

    public Upstream.Protocol protocol() {
        return traffic.protocol(port);
    }
}
