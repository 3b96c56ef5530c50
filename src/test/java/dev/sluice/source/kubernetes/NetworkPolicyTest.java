package dev.sluice.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.LiveObjects;
import dev.sluice.fixture.Manifests;
import dev.sluice.resource.Gateway;
import dev.sluice.resource.Resources;
import dev.sluice.translate.Translator;
import dev.sluice.translate.context.TranslationSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// The NetworkPolicy of the manifests fits what it is for: it selects the pods of the Deployment,
/// and admits everybody to what is allocated to Gateways, and to nothing else.
class NetworkPolicyTest {

    private static final YAMLMapper YAML = YAMLMapper.builder().build();

    private static final String LABEL =
            "/from/0/namespaceSelector/matchLabels/sluice.dev~1management";

    private static JsonNode read(String name) throws IOException {
        return YAML.readTree(Files.readString(Path.of("k8s/base", name)));
    }

    private static List<JsonNode> ports(JsonNode rule) {
        return List.copyOf(rule.path("ports").values());
    }

    @Test
    void pods_areThoseOfTheDeployment() throws IOException {
        JsonNode policy = read("networkpolicy.yaml");
        JsonNode deployment = read("deployment.yaml");
        assertThat(policy.at("/metadata/namespace"))
                .isEqualTo(deployment.at("/metadata/namespace"));
        assertThat(policy.at("/spec/podSelector")).isEqualTo(deployment.at("/spec/selector"));
        assertThat(read("kustomization.yaml").path("resources").values())
                .extracting(JsonNode::asString)
                .contains("networkpolicy.yaml");
    }

    @Test
    void managementPort_isForNamespacesWithALabel() throws IOException {
        JsonNode ingress = read("networkpolicy.yaml").at("/spec/ingress");
        List<String> named = new ArrayList<>();
        for (JsonNode rule : ingress) {
            for (JsonNode port : ports(rule)) {
                if (port.path("port").isString()) {
                    named.add(port.path("port").asString());
                    assertThat(rule.path("from").values()).hasSize(1);
                    assertThat(rule.at(LABEL).asString("")).isEqualTo("allowed");
                }
            }
        }
        assertThat(named).containsExactly("management");
        assertThat(read("deployment.yaml").at("/spec/template/spec/containers/0/ports").values())
                .extracting(port -> port.path("name").asString())
                .contains("management");
    }

    @Test
    void targetPorts_areOpenToAll() throws IOException {
        JsonNode all = read("networkpolicy.yaml").at("/spec/ingress/0");
        assertThat(all.has("from")).isFalse();
        assertThat(ports(all))
                .extracting(port -> port.path("protocol").asString())
                .containsExactly("TCP", "UDP");
        String gateways =
                Manifests.gateway(80).replace("{name: gateway}", "{name: gateway, uid: u1}");
        var targets =
                new Translator(
                                new TranslationSettings(
                                        TranslationSettings.CONTROLLER,
                                        TranslationSettings.Sockets.SERVICE,
                                        null,
                                        "sluice-system",
                                        TranslationSettings.MAX_PORTS),
                                List.of())
                        .translate(Resources.of(LiveObjects.parse(gateways)))
                        .targetPorts();
        assertThat(targets).as("of a " + Gateway.class.getSimpleName()).isNotEmpty();
        for (JsonNode port : ports(all)) {
            assertThat(targets.values())
                    .allSatisfy(target ->
                            assertThat(target)
                                    .isBetween(
                                            port.path("port").asInt(),
                                            port.path("endPort").asInt()));
            assertThat(port.path("port").asInt()).isEqualTo(20_000);
            assertThat(port.path("endPort").asInt()).isEqualTo(29_999);
        }
    }
}
