package dev.sluice.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.app.PolicyConfiguration;
import dev.sluice.observe.UnexpectedErrors;
import dev.sluice.resource.Condition;
import dev.sluice.resource.Resources;
import dev.sluice.resource.Status;
import dev.sluice.source.file.FileSource;
import dev.sluice.translate.Translation;
import dev.sluice.translate.Translator;
import dev.sluice.translate.context.TranslationSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// docker-compose.yml, as far as it can be read without a container engine.
class ComposeTest {

    private static JsonNode services() throws Exception {
        return YAMLMapper.builder()
                .build()
                .readTree(Files.readString(Path.of("docker-compose.yml")))
                .path("services");
    }

    @Test
    void images_haveVersions_andKeycloakThatOfTheTests() throws Exception {
        List<String> images = new ArrayList<>();
        for (JsonNode service : services()) {
            if (service.has("image")) {
                images.add(service.path("image").asString());
            }
        }
        assertThat(images)
                .hasSizeGreaterThan(4)
                .allMatch(image -> image.matches(".+:v?\\d+\\.\\d+.*"));
        String makefile = Files.readString(Path.of("Makefile"));
        assertThat(services().path("keycloak").path("image").asString())
                .isEqualTo(
                        "quay.io/keycloak/keycloak:"
                                + makefile.replaceAll("(?s).*\nKEYCLOAK := (\\S+)\n.*", "$1"));
    }

    @Test
    void filesAndServices_areThere() throws Exception {
        for (JsonNode service : services()) {
            for (JsonNode volume : service.path("volumes")) {
                assertThat(Path.of(volume.asString().replaceAll(":.*", ""))).exists();
            }
            for (JsonNode other : service.path("depends_on")) {
                assertThat(services().has(other.asString())).as(other.asString()).isTrue();
            }
        }
        try (Stream<Path> routes = Files.list(Path.of("docs/compose/routes"))) {
            for (Path file : routes.toList()) {
                Stream<String> names =
                        Files.readString(file)
                                .lines()
                                .filter(line -> line.contains("externalName:"))
                                .map(line -> line.replaceAll(".*: ", ""));
                for (String name : names.toList()) {
                    assertThat(services().has(name)).as(name).isTrue();
                }
            }
        }
    }

    @Test
    void routesAndPolicies_areAccepted() {
        List<Resources> snapshots = new ArrayList<>();
        try (FileSource source =
                new FileSource(
                        new UnexpectedErrors(new SimpleMeterRegistry()),
                        Path.of("docs/compose/routes"))) {
            source.start(snapshots::add);
            assertThat(source.findings()).isEmpty();
        }
        Translation translation =
                new Translator(TranslationSettings.DEFAULT, PolicyConfiguration.kinds(true))
                        .translate(snapshots.getFirst());
        List<Condition> conditions = new ArrayList<>();
        for (Status status : translation.statuses().byObject().values()) {
            switch (status) {
                case Status.OfGateway of -> conditions.addAll(of.conditions());
                case Status.OfRoute of ->
                        of.parents().forEach(each -> conditions.addAll(each.conditions()));
                case Status.OfPolicy of ->
                        of.ancestors().forEach(each -> conditions.addAll(each.conditions()));
                case Status.OfGatewayClass _, Status.OfListenerSet _ -> {}
            }
        }
        assertThat(conditions).hasSizeGreaterThan(8).allMatch(Condition::status);
    }
}
