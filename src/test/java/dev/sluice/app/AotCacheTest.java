package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// When it is reported that the AOT cache is not used.
class AotCacheTest {

    private static final List<String> OPTIONS =
            List.of("-Xmx64m", "-XX:AOTCache=/opt/sluice/sluice.aot");

    @Test
    void cacheThatIsNotMapped_isReportedByItsFile() {
        assertThat(AotCache.unused(OPTIONS, "mixed mode"))
                .hasValueSatisfying(
                        line -> assertThat(line).contains("/opt/sluice/sluice.aot is not used"));
    }

    @Test
    void cacheThatIsMapped_isNotReported() {
        assertThat(AotCache.unused(OPTIONS, "mixed mode, sharing")).isEmpty();
    }

    @Test
    void noCacheAtAll_isNotReported() {
        assertThat(AotCache.unused(List.of("-Xmx64m"), "mixed mode")).isEmpty();
    }
}
