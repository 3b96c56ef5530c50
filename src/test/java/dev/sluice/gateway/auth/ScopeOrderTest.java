package dev.sluice.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.policy.auth.authentication.Claims;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Policies in CEL see scopes as a list: all replicas see the same one.
class ScopeOrderTest {

    private static final List<String> SCOPES =
            IntStream.range(0, 20).mapToObj(i -> "scope" + (19 - i)).toList();

    @Test
    void scopes_keepTheOrderOfTheToken() {
        for (Object form : List.of(String.join(" ", SCOPES), SCOPES)) {
            assertThat(Claims.identity("jwt", Map.of("sub", "a", "scope", form)).scopes())
                    .containsExactlyElementsOf(SCOPES);
        }
    }
}
