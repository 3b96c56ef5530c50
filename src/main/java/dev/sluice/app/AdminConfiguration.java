package dev.sluice.app;

import dev.sluice.admin.ExplainEndpoint;
import dev.sluice.admin.StatusesEndpoint;
import dev.sluice.control.ControlLoop;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// The endpoints of the management port.
@Configuration(proxyBeanMethods = false)
class AdminConfiguration {

    @Bean
    ExplainEndpoint explainEndpoint(ControlLoop loop) {
        return new ExplainEndpoint(loop);
    }

    @Bean
    StatusesEndpoint statusesEndpoint(ControlLoop loop) {
        return new StatusesEndpoint(loop);
    }
}
