package dev.sluice.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.app.PolicyConfiguration;
import dev.sluice.fixture.Manifests;
import dev.sluice.resource.Condition;
import dev.sluice.resource.Resource;
import dev.sluice.resource.Resources;
import dev.sluice.resource.Status;
import dev.sluice.source.file.Manifest;
import dev.sluice.translate.Translation;
import dev.sluice.translate.Translator;
import dev.sluice.translate.context.TranslationSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What docs/migration.md tells to write is taken.
class MigrationDocumentTest {

    /// What it takes for granted.
    private static final String AROUND =
            Manifests.gateway(80)
                    + """
                    apiVersion: v1
                    kind: Service
                    metadata: {name: pages, annotations: {sluice.dev/endpoints: "10.0.0.1:80"}}
                    spec: {ports: [{port: 80}]}
                    ---
                    apiVersion: v1
                    kind: Service
                    metadata: {name: api, annotations: {sluice.dev/endpoints: "10.0.0.2:80"}}
                    spec: {ports: [{port: 80}]}
                    """;

    @Test
    void objects_areTaken() throws IOException {
        String text = Files.readString(Path.of("docs/migration.md"));
        String after = text.substring(text.indexOf("## After"));
        int start = after.indexOf("```yaml\n") + 8;
        Manifest written = Manifest.read(after.substring(start, after.indexOf("```", start)));
        assertThat(written.findings()).isEmpty();
        List<Resource> objects = new ArrayList<>(Manifest.read(AROUND).resources());
        objects.addAll(written.resources());
        Translation translation =
                new Translator(TranslationSettings.DEFAULT, PolicyConfiguration.KINDS)
                        .translate(Resources.of(objects));
        assertThat(translation.rejected()).isZero();
        List<Condition> ofPolicies =
                translation.statuses().byObject().values().stream()
                        .filter(Status.OfPolicy.class::isInstance)
                        .flatMap(status -> ((Status.OfPolicy) status).ancestors().stream())
                        .flatMap(ancestor -> ancestor.conditions().stream())
                        .toList();
        assertThat(ofPolicies).hasSizeGreaterThanOrEqualTo(4).allMatch(Condition::status);
    }
}
