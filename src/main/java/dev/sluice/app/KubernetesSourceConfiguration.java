package dev.sluice.app;

import dev.sluice.app.settings.SettingsProblems;
import dev.sluice.app.settings.SluiceProperties;
import dev.sluice.control.ControlLoop;
import dev.sluice.observe.UnexpectedErrors;
import dev.sluice.source.kubernetes.KubernetesSource;
import dev.sluice.source.kubernetes.Leadership;
import dev.sluice.source.kubernetes.StatusWriter;
import dev.sluice.source.kubernetes.event.PodEvents;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Resources from the API server, statuses to it.
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "sluice.source.kind", havingValue = "kubernetes")
class KubernetesSourceConfiguration {

    /// After that the process counts as started, and is ready when it is.
    private static final Duration LONGEST_START = Duration.ofSeconds(30);

    private final @Nullable String namespace;
    private final String pod;
    private final String uid;

    KubernetesSourceConfiguration(
            @Value("${POD_NAMESPACE:#{null}}") @Nullable String namespace,
            @Value("${POD_NAME:sluice}") String pod,
            @Value("${POD_UID:}") String uid) {
        this.namespace = namespace;
        this.pod = pod;
        this.uid = uid;
    }

    /// Of the kubeconfig, or of the service account in a pod. Callers retry.
    @Bean
    KubernetesClient kubernetesClient() {
        Config config =
                new ConfigBuilder(Config.autoConfigure(null))
                        .withRequestRetryBackoffLimit(0)
                        .build();
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    @Bean(destroyMethod = "")
    KubernetesSource resourceSource(
            KubernetesClient client, SluiceProperties properties, UnexpectedErrors errors) {
        return new KubernetesSource(
                client,
                properties.controllerName(),
                namespace,
                LONGEST_START,
                properties.tenants().maxBytes().toBytes(),
                errors);
    }

    @Bean(destroyMethod = "")
    Leadership leadership(KubernetesClient client, UnexpectedErrors errors) {
        return new Leadership(client, namespace, pod, errors);
    }

    @Bean
    LeadershipLifecycle leadershipLifecycle(
            Leadership leadership, StatusWriter writer, ControlLoop loop) {
        return new LeadershipLifecycle(leadership, writer, loop);
    }

    @Bean
    StatusWriter statusSink(
            KubernetesSource source,
            Leadership leadership,
            SluiceProperties properties,
            MeterRegistry registry,
            UnexpectedErrors errors) {
        StatusWriter writer =
                new StatusWriter(
                        source,
                        properties.controllerName(),
                        leadership::isLeading,
                        namespace,
                        errors);
        FunctionCounter.builder("sluice.status.writes", writer, StatusWriter::writes)
                .description("Statuses written to the API server")
                .register(registry);
        FunctionCounter.builder("sluice.status.conflicts", writer, StatusWriter::conflicts)
                .description("Statuses that somebody else had written meanwhile")
                .register(registry);
        FunctionCounter.builder(
                        "sluice.infrastructure.writes", writer, StatusWriter::infrastructureWrites)
                .description("Services and EndpointSlices of Gateways written to the API server")
                .register(registry);
        Gauge.builder("sluice.leader", leadership, one -> one.isLeading() ? 1 : 0)
                .description("1 on the replica that writes statuses")
                .register(registry);
        return writer;
    }

    /// Events of our own pod, where we are one.
    @Bean
    SettingsProblems settingsProblems(KubernetesClient client) {
        return problem -> {
            if (namespace != null) {
                new PodEvents(client, namespace, pod, uid).warn("SettingsRejected", problem);
            }
        };
    }

    /// What is known of the API server. Always up: while it is away the last configuration is
    /// served, and a restart would lose it.
    @Bean
    HealthIndicator apiServerHealthIndicator(KubernetesSource source, Leadership leadership) {
        return () ->
                Health.up()
                        .withDetail("leading", leadership.isLeading())
                        .withDetail("awaited", source.awaited())
                        .withDetail("unreadable", source.unreadable())
                        .withDetail("disconnected", source.broken())
                        .build();
    }
}
