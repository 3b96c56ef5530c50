package dev.sluice.app;

import dev.sluice.admin.ExplainEndpoint;
import dev.sluice.admin.StatusesEndpoint;
import dev.sluice.app.settings.SluiceProperties;
import dev.sluice.control.ControlLoop;
import dev.sluice.dataplane.StageOrder;
import dev.sluice.engine.RulePolicies;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// The endpoints of the management port.
@Configuration(proxyBeanMethods = false)
class AdminConfiguration {

    @Bean
    ExplainEndpoint explainEndpoint(
            ControlLoop loop, SluiceProperties properties, RulePolicies policies) {
        boolean forced = properties.springStage() == SluiceProperties.SpringStageMode.FORCED;
        return new ExplainEndpoint(
                () -> loop.applied().configuration(), forced, new StageOrder(policies));
    }

    @Bean
    StatusesEndpoint statusesEndpoint(ControlLoop loop) {
        return new StatusesEndpoint(() -> loop.applied().statuses(), loop::findings);
    }
}
