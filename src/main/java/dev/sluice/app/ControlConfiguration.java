package dev.sluice.app;

import dev.sluice.app.settings.SluiceProperties;
import dev.sluice.control.ControlLoop;
import dev.sluice.dataplane.DataPlane;
import dev.sluice.dataplane.Publication;
import dev.sluice.listener.Listeners;
import dev.sluice.observe.ControlMeters;
import dev.sluice.observe.SluiceMeters;
import dev.sluice.observe.UnexpectedErrors;
import dev.sluice.policy.auth.oidc.SessionLink;
import dev.sluice.source.ResourceSource;
import dev.sluice.source.StatusSink;
import dev.sluice.spring.RuleRoutes;
import dev.sluice.translate.Translator;
import dev.sluice.translate.context.TranslationSettings;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.cloud.gateway.event.RefreshRoutesEvent;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/// The control side: translation, and the loop that publishes. The source is imported.
@Configuration(proxyBeanMethods = false)
@Import({FileSourceConfiguration.class, KubernetesSourceConfiguration.class})
class ControlConfiguration {

    @Bean(destroyMethod = "")
    ControlLoop controlLoop(
            SluiceProperties properties,
            ResourceSource source,
            StatusSink sink,
            DataPlane plane,
            RuleRoutes routes,
            ApplicationEventPublisher events,
            ObjectProvider<SessionLink> sessions,
            @Value("${POD_NAMESPACE:#{null}}") @Nullable String namespace,
            MeterRegistry registry,
            UnexpectedErrors errors) {
        ControlLoop loop =
                new ControlLoop(
                        source,
                        new Translator(
                                new TranslationSettings(
                                        properties.controllerName(),
                                        sockets(properties),
                                        properties.expose().parent(),
                                        namespace,
                                        properties.tenants().maxPorts()),
                                PolicyConfiguration.kinds(sessions.getIfAvailable() != null),
                                (object, error) ->
                                        errors.report(
                                                "translate." + object.kind(),
                                                object.toString(),
                                                error)),
                        new Publication(
                                plane,
                                (configuration, change) -> {
                                    routes.publish(configuration, change.gone());
                                    if (!change.isEmpty()) {
                                        events.publishEvent(new RefreshRoutesEvent(routes));
                                    }
                                }),
                        sink,
                        new ControlMeters(registry),
                        errors);
        SluiceMeters.LOOP_SILENCE.gauge(registry, loop, one -> silence(one).toMillis() / 1000.0);
        return loop;
    }

    private static Duration silence(ControlLoop loop) {
        return Duration.between(loop.lastTurn(), Instant.now());
    }

    private static TranslationSettings.Sockets sockets(SluiceProperties properties) {
        return switch (properties.source().kind()) {
            case FILE -> TranslationSettings.Sockets.OWN;
            case KUBERNETES -> TranslationSettings.Sockets.SERVICE;
        };
    }

    @Bean
    GatewayLifecycle gatewayLifecycle(ControlLoop loop, Listeners listeners) {
        return new GatewayLifecycle(loop, listeners);
    }

    @Bean
    ConfigurationHealth configurationHealthIndicator(
            ControlLoop loop, SluiceProperties properties) {
        return new ConfigurationHealth(
                loop, properties.source().kind() == SluiceProperties.SourceKind.FILE);
    }
}
