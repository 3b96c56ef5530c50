package dev.sluice.app;

import dev.sluice.admin.ManagedRoutes;
import dev.sluice.app.settings.RoutesProperties;
import dev.sluice.app.settings.SluiceProperties;
import dev.sluice.observe.UnexpectedErrors;
import dev.sluice.source.StatusSink;
import dev.sluice.source.file.FileSource;
import java.nio.file.Path;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/// Resources from files.
@Configuration(proxyBeanMethods = false)
@Import(RouteWritesConfiguration.class)
@ConditionalOnProperty(name = "sluice.source.kind", havingValue = "file", matchIfMissing = true)
class FileSourceConfiguration {

    @Bean(destroyMethod = "")
    FileSource resourceSource(SluiceProperties properties, UnexpectedErrors errors) {
        Path folder = properties.source().file().path();
        RoutesProperties routes = properties.routes();
        return routes.writes()
                ? new FileSource(errors, folder, ManagedRoutes.folder(routes.path()))
                : new FileSource(errors, folder);
    }

    /// Files have no status; the endpoints show what was computed.
    @Bean
    StatusSink statusSink() {
        return (statuses, infrastructure) -> {};
    }
}
