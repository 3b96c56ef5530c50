package dev.sluice.discovery;

import java.util.List;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;

/// [Services] for code that may block; it does not, the answers are in memory.
public final class ServiceDiscovery implements DiscoveryClient {

    private final Services services;

    public ServiceDiscovery(Services services) {
        this.services = services;
    }

    @Override
    public String description() {
        return "Services and EndpointSlices that Sluice reads";
    }

    @Override
    public List<String> getServices() {
        return services.names();
    }

    @Override
    public List<ServiceInstance> getInstances(String serviceId) {
        return services.instances(serviceId);
    }
}
