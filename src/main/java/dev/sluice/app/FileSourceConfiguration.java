package dev.sluice.app;

import dev.sluice.source.StatusSink;
import dev.sluice.source.file.FileSource;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Resources from files.
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "sluice.source.kind", havingValue = "file", matchIfMissing = true)
class FileSourceConfiguration {

    @Bean(destroyMethod = "")
    FileSource resourceSource(SluiceProperties properties) {
        return new FileSource(properties.source().file().path());
    }

    /// Files have no status; the endpoints show what was computed.
    @Bean
    StatusSink statusSink() {
        return (statuses, infrastructure) -> {};
    }
}
