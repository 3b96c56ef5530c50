package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.resource.Policy;
import org.junit.jupiter.api.Test;

/// Kinds of policies are registered in one place.
class PolicyModuleTest {

    @Test
    void everyKindOfPolicy_hasOneModule() {
        assertThat(PolicyModule.all(true).stream().<Class<?>>map(module -> module.kind().type()))
                .containsExactlyInAnyOrder(Policy.class.getPermittedSubclasses());
    }
}
