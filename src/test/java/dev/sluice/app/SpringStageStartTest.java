package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.builder.SpringApplicationBuilder;

/// Settings of Spring filters that would let tenants into the application stop the start.
class SpringStageStartTest {

    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    spring.cloud.gateway.restrictive-property-accessor.enabled | false
                    spring.cloud.gateway.server.webflux.restrictive-property-accessor.enabled | false
                    sluice.spring-filters.forwards | /actuator/routes
                    sluice.spring-filters.key-resolvers | environment
                    """)
    void settingThatOpensTheApplication_stopsTheStart(String name, String value) {
        SpringApplicationBuilder application =
                new SpringApplicationBuilder(SluiceApplication.class);
        assertThatThrownBy(() ->
                        application.run(
                                "--sluice.source.file.path=" + folder,
                                "--management.server.port=0",
                                "--" + name + "=" + value))
                .rootCause()
                .hasMessageStartingWith(name + " must be ");
    }
}
