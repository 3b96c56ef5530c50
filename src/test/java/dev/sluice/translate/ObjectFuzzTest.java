package dev.sluice.translate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.app.PolicyConfiguration;
import dev.sluice.dataplane.DataPlane;
import dev.sluice.dataplane.RuleCompiler;
import dev.sluice.engine.HttpPorts;
import dev.sluice.engine.Observer;
import dev.sluice.engine.RulePolicies;
import dev.sluice.ir.Configuration;
import dev.sluice.ir.Port;
import dev.sluice.ir.RuleChange;
import dev.sluice.listener.Listeners;
import dev.sluice.net.Workers;
import dev.sluice.observe.RequestMeters;
import dev.sluice.observe.UpstreamMeters;
import dev.sluice.resource.Gateway;
import dev.sluice.resource.Kind;
import dev.sluice.resource.Kinds;
import dev.sluice.resource.ObjectRef;
import dev.sluice.resource.References;
import dev.sluice.resource.Resource;
import dev.sluice.resource.Resources;
import dev.sluice.resource.Route;
import dev.sluice.schema.Admission;
import dev.sluice.schema.KindSchema;
import dev.sluice.schema.Schemas;
import dev.sluice.server.ServerSettings;
import dev.sluice.source.Decoder;
import dev.sluice.translate.context.TranslationSettings;
import dev.sluice.upstream.UpstreamSettings;
import dev.sluice.upstream.Upstreams;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Objects that are odd and that the API server would take. Whatever they hold, no exception comes
/// of them, not even one that a barrier catches, and what comes of the others is published.
///
/// `-Dfuzz.seconds=60` runs it longer, `-Dfuzz.seed=n` repeats a run.
class ObjectFuzzTest {

    private static final long SEED = Long.getLong("fuzz.seed", 20_261_129L);
    private static final int LEAST_TURNS = 200;
    private static final int SECONDS = Integer.getInteger("fuzz.seconds", 5);
    private static final Path FOLDER = Path.of("src/test/resources/translation");
    private static final YAMLMapper YAML = YAMLMapper.builder().build();
    private static final Route.ParentRef EXPOSE_AT =
            new Route.ParentRef(Gateway.GROUP, "Gateway", "default", "gw", null, null);

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final OddObjects odd = new OddObjects(random);
    private final Map<String, Throwable> failures = new TreeMap<>();
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final Workers workers = new Workers(1);
    private final Upstreams upstreams =
            new Upstreams(workers, UpstreamSettings.DEFAULT, new UpstreamMeters(meters, 10));
    private final Listeners listeners =
            new Listeners(workers, ServerSettings.DEFAULT, Duration.ZERO);
    private final DataPlane plane =
            new DataPlane(
                    upstreams,
                    new HttpPorts(Observer.NONE),
                    listeners,
                    new RuleCompiler(
                            upstreams,
                            new RequestMeters(meters, 10),
                            RulePolicies.NONE,
                            _ -> null));
    private Configuration published = Configuration.EMPTY;

    @AfterEach
    void close() {
        listeners.close();
        workers.close();
    }

    private record Written(Kind kind, KindSchema schema, ObjectNode object) {}

    /// The inputs of the golden pairs, each with the base of its folder.
    private static List<List<Written>> inputs() throws IOException {
        List<List<Written>> inputs = new ArrayList<>();
        try (Stream<Path> files = Files.walk(FOLDER)) {
            for (Path file : files.sorted().toList()) {
                if (file.toString().endsWith(".in.yaml")) {
                    List<Written> objects = new ArrayList<>();
                    Path base = file.resolveSibling("base.yaml");
                    if (Files.exists(base)) {
                        read(base, objects);
                    }
                    read(file, objects);
                    inputs.add(objects);
                }
            }
        }
        return inputs;
    }

    private static void read(Path file, List<Written> into) throws IOException {
        try (MappingIterator<JsonNode> documents =
                YAML.readerFor(JsonNode.class).readValues(Files.readString(file))) {
            while (documents.hasNextValue()) {
                if (documents.nextValue() instanceof ObjectNode object) {
                    String[] version = object.path("apiVersion").asString("").split("/", -1);
                    String group = version.length > 1 ? version[0] : "";
                    Kind kind = Kinds.find(group, object.path("kind").asString(""));
                    Schemas.KindVersions kindVersions =
                            kind == null ? null : Schemas.bundled().find(group, kind.name());
                    KindSchema schema =
                            kindVersions == null
                                    ? null
                                    : kindVersions.find(version[version.length - 1]);
                    if (kind != null && schema != null) {
                        ObjectNode metadata = object.withObject("metadata");
                        if (kind.namespaced() && !metadata.has("namespace")) {
                            metadata.put("namespace", "default");
                        }
                        into.add(new Written(kind, schema, object));
                    }
                }
            }
        }
    }

    @Test
    void oddObjects_areTranslatedAndPublished() throws IOException {
        List<List<Written>> inputs = inputs();
        Map<TranslationSettings.Sockets, Memo> memos = new HashMap<>();
        for (List<Written> input : inputs) {
            input.forEach(written -> written.schema().admit(written.object())); // compiles it
        }
        long deadline = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
        long taken = 0;
        for (long turn = 0; turn < LEAST_TURNS || System.nanoTime() < deadline; turn++) {
            Map<ObjectRef, Resource> objects = new HashMap<>();
            List<Written> input = inputs.get(random.nextInt(inputs.size()));
            for (Written written : input) {
                boolean change = random.nextInt(4) == 0;
                Resource object = change ? changed(written) : decoded(written.object(), written);
                if (object != null) {
                    taken += change ? 1 : 0;
                    objects.put(Kinds.ref(object), object);
                }
            }
            Resources resources = Resources.of(objects.values());
            References.of(resources, "sluice.dev/gateway-controller", this::failed);
            for (TranslationSettings.Sockets sockets : TranslationSettings.Sockets.values()) {
                translate(
                        resources,
                        sockets,
                        memos.computeIfAbsent(sockets, _ -> new Memo()),
                        turn % 8 == 0);
            }
        }
        assertThat(failures.keySet()).as("seed %s", SEED).isEmpty();
        assertThat(taken).as("odd objects that were taken").isGreaterThan(50);
    }

    private void failed(ObjectRef object, Throwable error) {
        failures.putIfAbsent(object.kind() + ": " + place(error), error);
    }

    /// So that each fault is told once.
    private static String place(Throwable error) {
        for (StackTraceElement element : error.getStackTrace()) {
            if (element.getClassName().startsWith("dev.sluice.")
                    && !element.getClassName().endsWith("Test")) {
                return error.getClass().getSimpleName() + " at " + element;
            }
        }
        return error.toString();
    }

    private void translate(
            Resources resources, TranslationSettings.Sockets sockets, Memo memo, boolean publish) {
        Translator translator =
                new Translator(
                        new TranslationSettings(TranslationSettings.CONTROLLER, sockets, EXPOSE_AT),
                        PolicyConfiguration.KINDS,
                        this::failed);
        ObjectRef all = new ObjectRef("", "snapshot", "", "");
        try {
            Translation translation = translator.translate(resources, Map.of(), memo);
            if (publish) {
                publish(translation.configuration());
            }
        } catch (Throwable e) {
            failed(all, e);
        }
    }

    private void publish(Configuration made) {
        List<Port> ports =
                made.ports().stream()
                        .map(port ->
                                new Port(
                                        port.id(),
                                        port.gateway(),
                                        "127.0.0.1",
                                        0,
                                        port.number(),
                                        port.listeners()))
                        .toList();
        Configuration local = new Configuration(ports, made.upstreams());
        RuleChange change = RuleChange.between(published.httpListeners(), local.httpListeners());
        Map<String, String> unbound = plane.publish(local, change);
        published = local;
        assertThat(unbound).isEmpty();
    }

    /// One that is odd and would be taken, null when it would not. Half of those that hold nothing
    /// but fields of their schema come without its defaults.
    private @Nullable Resource changed(Written written) {
        ObjectNode object = written.object().deepCopy();
        odd.change(written.schema().structural(), object);
        Admission admission = written.schema().admit(object);
        if (!admission.isAccepted()) {
            return null;
        }
        boolean asWritten = random.nextBoolean() && admission.unknown().isEmpty();
        return decoded(asWritten ? object : admission.object(), written);
    }

    private @Nullable Resource decoded(ObjectNode object, Written written) {
        try {
            return Decoder.decode(object, written.kind());
        } catch (Throwable e) {
            ObjectRef ref =
                    new ObjectRef(written.kind().group(), written.kind().name(), "", "decoding");
            failed(ref, e);
            return null;
        }
    }
}
