package dev.sluice.app;

import dev.sluice.admin.ManagedRoutes;
import dev.sluice.app.settings.RoutesProperties;
import dev.sluice.app.settings.SluiceProperties;
import dev.sluice.observe.UnexpectedErrors;
import dev.sluice.source.StatusSink;
import dev.sluice.source.file.FileRules;
import dev.sluice.source.file.FileSource;
import java.nio.file.Path;
import java.util.List;
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
        SluiceProperties.File file = properties.source().file();
        RoutesProperties routes = properties.routes();
        List<Path> folders =
                routes.writes()
                        ? List.of(file.path(), ManagedRoutes.folder(routes.path()))
                        : List.of(file.path());
        return new FileSource(
                errors, new FileRules(file.strict(), file.startIncomplete()), folders);
    }

    /// Files have no status; the endpoints show what was computed.
    @Bean
    StatusSink statusSink() {
        return (statuses, infrastructure) -> {};
    }
}
