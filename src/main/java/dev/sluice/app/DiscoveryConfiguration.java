package dev.sluice.app;

import dev.sluice.control.ControlLoop;
import dev.sluice.discovery.ReactiveServiceDiscovery;
import dev.sluice.discovery.ServiceDiscovery;
import dev.sluice.discovery.Services;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Discovery clients for filters of users. They look up the loop when they are asked: it needs the
/// filters, which need them.
@Configuration(proxyBeanMethods = false)
class DiscoveryConfiguration {

    @Bean
    Services discoveredServices(ObjectProvider<ControlLoop> loop) {
        return new Services(() -> loop.getObject().newest());
    }

    @Bean
    ServiceDiscovery serviceDiscovery(Services services) {
        return new ServiceDiscovery(services);
    }

    @Bean
    ReactiveServiceDiscovery reactiveServiceDiscovery(Services services) {
        return new ReactiveServiceDiscovery(services);
    }
}
