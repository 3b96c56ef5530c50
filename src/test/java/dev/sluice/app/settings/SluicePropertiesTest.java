package dev.sluice.app.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/// Settings out of range are refused by name, value and range.
class SluicePropertiesTest {

    @Test
    void nothing_isTheDefaults() {
        SluiceProperties defaults = bind(Map.of());
        assertThat(defaults.server().maxFields()).isEqualTo(256);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                            workers                  | -1       | must be 0 to 1024, was -1
                            controller-name          | sluice   | must be a domain and a path such as example.com/gateway-controller, was "sluice"
                            reload                   | 2h       | must be 0s to 3600s, was 7200s
                            server.max-request-line  | 2MB      | must be 256B to 1MB, was 2097152B
                            server.max-header        | 10B      | must be 1KB to 16MB, was 10B
                            server.max-fields        | 0        | must be 1 to 100000, was 0
                            server.header-timeout    | 0        | must be 1ms to 86400s, was 0s
                            server.body-timeout      | 2d       | must be 1ms to 86400s, was 172800s
                            server.idle-timeout      | -1s      | must be 1ms to 86400s, was -1s
                            server.max-connections   | 0        | must be 1 to 10000000, was 0
                            server.drain             | -5s      | must be 0s to 3600s, was -5s
                            server.trusted-proxies   | 10.0.0/8 | : "10.0.0/8" is not an address or a block such as 10.0.0.0/8
                            server.http2.max-streams | 0        | must be 1 to 100000, was 0
                            server.http2.max-resets  | 1        | must be 100 to 1000000, was 1
                            server.upgrades          | h2c      | : "h2c" would carry requests past all rules
                            server.upgrades          | HTTP/2.0 | : "HTTP/2.0" would carry requests past all rules
                            server.upgrades          | a b      | : "a b" is not a protocol's name
                            upstream.connect-timeout | 10m      | must be 1ms to 300s, was 600s
                            upstream.idle-timeout    | 0        | must be 1ms to 86400s, was 0s
                            upstream.max-connections | 0        | must be 1 to 1000000, was 0
                            upstream.max-pending     | -1       | must be 0 to 10000000, was -1
                            access-log.buffer        | 0        | must be 1 to 10000000, was 0
                            access-log.fields        | ''       | must name at least one field, was empty
                            metrics.max-rules        | -1       | must be 0 to 1000000, was -1
                            metrics.max-upstreams    | -1       | must be 0 to 1000000, was -1
                            expose.gateway           | web      | must be namespace/name, was "web"
                            spring-filters.packages  | a.b.*    | must be names of packages, such as com.example.filters, was "a.b.*"
                            spring-filters.forwards  | /*       | must be plain paths, such as /sorry, was "/*"
                            spring-filters.forwards  | /a/../b  | must be plain paths, such as /sorry, was "/a/../b"
                            spring-filters.forwards  | /a%2Fb   | must be plain paths, such as /sorry, was "/a%2Fb"
                            spring-filters.forwards  | /a/      | must be plain paths, such as /sorry, was "/a/"
                    demo.first-port          | 0        | must be 1 to 65533, was 0
                    """)
    void outOfRange_isToldByNameValueAndRange(String name, String value, String told) {
        assertThatThrownBy(() -> bind(Map.of("sluice." + name, value)))
                .rootCause()
                .hasMessage("sluice." + name + (told.startsWith(":") ? "" : " ") + told);
    }

    @ParameterizedTest
    @CsvSource({"/actuator,/actuator", "/actuator/health,/actuator", "/sorry,''"})
    void forwardsToTheManagementPort_areRefused(String path, String basePath) {
        SpringFilterProperties filters =
                bind(Map.of("sluice.spring-filters.forwards", path)).springFilters();
        filters.checkApartFrom("/manage");
        assertThatThrownBy(() -> filters.checkApartFrom(basePath))
                .hasMessageContaining("sluice.spring-filters.forwards must be apart from")
                .hasMessageEndingWith("was \"" + path + '"');
    }

    private static SluiceProperties bind(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings))
                .bindOrCreate("sluice", SluiceProperties.class);
    }
}
