package dev.sluice.app;

import dev.sluice.source.kubernetes.KubernetesSource;
import dev.sluice.source.kubernetes.Leadership;
import dev.sluice.source.kubernetes.StatusWriter;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Resources from the API server, statuses to it.
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "sluice.source.kind", havingValue = "kubernetes")
class KubernetesSourceConfiguration {

    private final @Nullable String namespace;
    private final String pod;

    KubernetesSourceConfiguration(
            @Value("${POD_NAMESPACE:#{null}}") @Nullable String namespace,
            @Value("${POD_NAME:sluice}") String pod) {
        this.namespace = namespace;
        this.pod = pod;
    }

    @Bean
    KubernetesClient kubernetesClient() {
        return new KubernetesClientBuilder().build();
    }

    @Bean(destroyMethod = "")
    KubernetesSource resourceSource(KubernetesClient client) {
        return new KubernetesSource(client, namespace);
    }

    @Bean
    Leadership leadership(KubernetesClient client) {
        return new Leadership(client, namespace, pod);
    }

    @Bean
    StatusWriter statusSink(
            KubernetesSource source,
            Leadership leadership,
            SluiceProperties properties,
            MeterRegistry registry) {
        StatusWriter writer =
                new StatusWriter(source, properties.controllerName(), leadership::isLeading);
        FunctionCounter.builder("sluice.status.writes", writer, StatusWriter::writes)
                .description("Statuses written to the API server")
                .register(registry);
        leadership.start(writer::ring);
        return writer;
    }
}
