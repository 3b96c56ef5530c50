package dev.sluice.translate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.app.PolicyConfiguration;
import dev.sluice.resource.ObjectRef;
import dev.sluice.resource.Policy;
import dev.sluice.resource.Resources;
import dev.sluice.resource.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// Policies that keep sessions in Redis where none is set.
class SessionsWithoutRedisTest {

    private static final Path FOLDER = Path.of("src/test/resources/translation/policy");

    @Test
    void sessionsInRedis_needOne() throws Exception {
        Golden.Case golden =
                Golden.parse(
                        Files.readString(FOLDER.resolve("base.yaml")),
                        Files.readString(FOLDER.resolve("sessions-in-redis.in.yaml")));
        Translation translation =
                new Translator(golden.settings(), PolicyConfiguration.kinds(false))
                        .translate(Resources.of(golden.objects()));
        for (String name : new String[] {"kept", "by-default"}) {
            ObjectRef policy = new ObjectRef(Policy.GROUP, "AuthPolicy", "default", name);
            assertThat(translation.statuses().byObject().get(policy))
                    .isInstanceOfSatisfying(
                            Status.OfPolicy.class,
                            status ->
                                    assertThat(status.ancestors().getFirst().conditions())
                                            .extracting(condition ->
                                                    condition.status() + " " + condition.message())
                                            .containsExactly(
                                                    "false oidc.session.store: \"Redis\" needs one, and"
                                                            + " spring.data.redis.* names none"));
        }
    }
}
