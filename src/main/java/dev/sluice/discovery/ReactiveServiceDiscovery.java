package dev.sluice.discovery;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.ReactiveDiscoveryClient;
import reactor.core.publisher.Flux;

/// [Services], looked up when subscribed to.
public final class ReactiveServiceDiscovery implements ReactiveDiscoveryClient {

    private final Services services;

    public ReactiveServiceDiscovery(Services services) {
        this.services = services;
    }

    @Override
    public String description() {
        return "Services and EndpointSlices that Sluice reads";
    }

    @Override
    public Flux<String> getServices() {
        return Flux.defer(() -> Flux.fromIterable(services.names()));
    }

    @Override
    public Flux<ServiceInstance> getInstances(String serviceId) {
        return Flux.defer(() -> Flux.fromIterable(services.instances(serviceId)));
    }
}
