package dev.sluice.translate;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.sluice.app.PolicyConfiguration;
import dev.sluice.ir.Backend;
import dev.sluice.ir.HealthCheck;
import dev.sluice.ir.HostPattern;
import dev.sluice.ir.HttpFilter;
import dev.sluice.ir.HttpListener;
import dev.sluice.ir.Listener;
import dev.sluice.ir.LoadBalancer;
import dev.sluice.ir.Origin;
import dev.sluice.ir.PathMatch;
import dev.sluice.ir.PolicySection;
import dev.sluice.ir.Tls;
import dev.sluice.ir.Upstream;
import dev.sluice.ir.UpstreamTls;
import dev.sluice.policy.auth.jwt.KeySource;
import dev.sluice.policy.auth.oidc.Oidc;
import dev.sluice.policy.ratelimit.Limit;
import dev.sluice.resource.DesiredInfrastructure;
import dev.sluice.resource.Gateway;
import dev.sluice.resource.Kind;
import dev.sluice.resource.Kinds;
import dev.sluice.resource.Resource;
import dev.sluice.resource.Resources;
import dev.sluice.resource.Route;
import dev.sluice.source.Decoder;
import dev.sluice.translate.context.TranslationSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/// Reads the inputs of golden pairs and prints translations.
final class Golden {

    private static final YAMLMapper YAML =
            YAMLMapper.builder()
                    .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
                    .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
                    .disable(YAMLWriteFeature.SPLIT_LINES)
                    .disable(YAMLWriteFeature.USE_NATIVE_TYPE_ID)
                    .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                    .changeDefaultPropertyInclusion(
                            value -> value.withValueInclusion(JsonInclude.Include.NON_EMPTY))
                    .addMixIn(HttpFilter.class, Typed.class)
                    .addMixIn(HttpFilter.PathRewrite.class, Typed.class)
                    .addMixIn(PathMatch.class, Typed.class)
                    .addMixIn(Backend.class, Typed.class)
                    .addMixIn(PolicySection.class, Typed.class)
                    .addMixIn(Limit.KeyPart.class, Typed.class)
                    .addMixIn(LoadBalancer.Hash.class, Typed.class)
                    .addMixIn(HealthCheck.Probe.class, Typed.class)
                    .addMixIn(KeySource.class, Typed.class)
                    .addMixIn(Oidc.Store.class, Typed.class)
                    .addMixIn(Listener.class, Typed.class)
                    .addMixIn(HttpListener.class, Usual.class)
                    .addMixIn(UpstreamTls.SubjectAltName.class, Typed.class)
                    .addMixIn(Tls.Certificate.class, Secretive.class)
                    .addMixIn(UpstreamTls.class, Trusting.class)
                    .addMixIn(dev.sluice.ir.ClientValidation.class, Trusting.class)
                    .addMixIn(DesiredInfrastructure.class, Owned.class)
                    .addModule(
                            new SimpleModule()
                                    .addSerializer(HostPattern.class, new AsText<>())
                                    .addSerializer(Origin.class, new AsText<>())
                                    .addSerializer(Duration.class, new AsText<>())
                                    .addSerializer(Upstream.Endpoint.class, new AsText<>()))
                    .build();

    private Golden() {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "kind")
    private interface Typed {}

    /// Without what most listeners have.
    @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "kind")
    interface Usual {
        @JsonInclude(JsonInclude.Include.NON_DEFAULT)
        boolean strictPaths();
    }

    @JsonIgnoreProperties({"chain", "key"})
    private interface Secretive {}

    @JsonIgnoreProperties("authorities")
    private interface Trusting {}

    @JsonIgnoreProperties("gateway")
    private interface Owned {}

    private static final class AsText<T> extends ValueSerializer<T> {
        @Override
        public void serialize(T value, JsonGenerator out, SerializationContext context) {
            out.writeString(value.toString());
        }
    }

    /// What a case holds.
    ///
    /// @param settings of the translation, from a document of kind `TestSettings`
    record Case(List<Resource> objects, TranslationSettings settings) {

        String print() {
            Translation translation =
                    new Translator(settings, PolicyConfiguration.KINDS)
                            .translate(Resources.of(objects));
            ObjectNode out = YAML.createObjectNode();
            out.set("configuration", YAML.valueToTree(translation.configuration()));
            ObjectNode statuses = out.putObject("statuses");
            new TreeMap<>(translation.statuses().byObject())
                    .forEach((ref, status) ->
                            statuses.set(ref.toString(), YAML.valueToTree(status)));
            if (!translation.infrastructure().isEmpty()) {
                out.set("infrastructure", YAML.valueToTree(translation.infrastructure()));
            }
            if (!translation.targetPorts().isEmpty()) {
                out.set("targetPorts", YAML.valueToTree(new TreeMap<>(translation.targetPorts())));
            }
            // Supported features would fill every pair; FeaturesTest has them.
            statuses.forEach(status -> ((ObjectNode) status).remove("supportedFeatures"));
            return YAML.writeValueAsString(out);
        }

        Case shuffled(long seed) {
            List<Resource> other = new ArrayList<>(objects);
            Collections.shuffle(other, new Random(seed));
            return new Case(other, settings);
        }
    }

    static Case parse(String... texts) {
        List<Resource> objects = new ArrayList<>();
        TranslationSettings translationSettings = TranslationSettings.DEFAULT;
        for (String text : texts) {
            try (MappingIterator<JsonNode> documents =
                    YAML.readerFor(JsonNode.class).readValues(text)) {
                while (documents.hasNextValue()) {
                    JsonNode document = documents.nextValue();
                    if (document.path("kind").asString("").equals("TestSettings")) {
                        translationSettings =
                                new TranslationSettings(
                                        TranslationSettings.CONTROLLER,
                                        TranslationSettings.Sockets.valueOf(
                                                document.path("sockets").asString("OWN")),
                                        gateway(document.path("exposeAt").asString("")),
                                        document.path("namespace").asString(null),
                                        document.path("maxPorts")
                                                .asInt(TranslationSettings.MAX_PORTS));
                    } else if (document.isObject()) {
                        objects.add(object((ObjectNode) document));
                    }
                }
            }
        }
        return new Case(objects, translationSettings);
    }

    private static Route.@Nullable ParentRef gateway(String name) {
        return name.isEmpty()
                ? null
                : new Route.ParentRef(Gateway.GROUP, "Gateway", "default", name, null, null);
    }

    private static Resource object(ObjectNode document) {
        String version = document.path("apiVersion").asString("");
        int slash = version.indexOf('/');
        String group = slash < 0 ? "" : version.substring(0, slash);
        Kind kind = Kinds.find(group, document.path("kind").asString(""));
        if (kind == null) {
            throw new IllegalArgumentException("unknown kind in " + document);
        }
        ObjectNode metadata = (ObjectNode) document.path("metadata");
        if (kind.namespaced() && !metadata.has("namespace")) {
            metadata.put("namespace", "default");
        }
        return Decoder.decode(document, kind);
    }
}
