package dev.sluice.policy.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.engine.FilterOrder;
import dev.sluice.policy.auth.provider.ProviderOutages;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

/// A section that is read has its place among the stages: one without would be shown, and believed,
/// where it does not act.
class AuthSectionsTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final AuthStages stages = new AuthStages(meters, null, new ProviderOutages(meters));

    @Test
    void everySection_hasAPlace() {
        assertThat(new AuthKind(true).sections())
                .isNotEmpty()
                .allSatisfy(section ->
                        assertThat(stages.order(section))
                                .isIn(
                                        FilterOrder.AUTHENTICATION,
                                        FilterOrder.AUTHORIZATION,
                                        FilterOrder.CSRF));
    }

    @Test
    void sectionWithoutAPlace_isNoneOfAuthentication() {
        assertThatThrownBy(() -> stages.order("somethingNew"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("somethingNew");
    }
}
