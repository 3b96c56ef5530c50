package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.control.ControlLoop;
import dev.sluice.finding.Finding;
import dev.sluice.finding.FindingCode;
import dev.sluice.finding.Place;
import dev.sluice.ir.Configuration;
import dev.sluice.observe.ControlMeters;
import dev.sluice.observe.UnexpectedErrors;
import dev.sluice.resource.Resources;
import dev.sluice.source.ResourceSource;
import dev.sluice.source.file.Manifest;
import dev.sluice.translate.Translator;
import dev.sluice.translate.context.TranslationSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/// On what readiness rests, and on what not.
class ConfigurationHealthTest implements ResourceSource {

    private static final Resources GATEWAY =
            Resources.of(
                    Manifest.read(
                                    """
                                    apiVersion: gateway.networking.k8s.io/v1
                                    kind: GatewayClass
                                    metadata: {name: sluice}
                                    spec: {controllerName: sluice.dev/gateway-controller}
                                    ---
                                    apiVersion: gateway.networking.k8s.io/v1
                                    kind: Gateway
                                    metadata: {name: gw}
                                    spec:
                                      gatewayClassName: sluice
                                      listeners: [{name: http, port: 80, protocol: HTTP}]
                                    """)
                            .resources());

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private Map<String, String> unbound = Map.of();
    private List<Finding> found = List.of();
    private boolean failing;
    private Instant turn = Instant.now();
    private Consumer<Resources> listener = _ -> {};
    private final ControlLoop loop =
            new ControlLoop(
                    this,
                    new Translator(TranslationSettings.DEFAULT, List.of()),
                    this::publish,
                    (_, _) -> {},
                    new ControlMeters(registry),
                    new UnexpectedErrors(registry));

    private Map<String, String> publish(Configuration configuration) {
        if (failing) {
            throw new IllegalStateException("no");
        }
        return unbound;
    }

    @Override
    public void start(Consumer<Resources> to) {
        listener = to;
    }

    @Override
    public List<Finding> findings() {
        return found;
    }

    @Override
    public void refresh() {}

    @Override
    public Instant lastTurn() {
        return turn;
    }

    @Override
    public void close() {}

    private Health health(boolean needsPort) {
        return new ConfigurationHealth(loop, needsPort).health();
    }

    @Test
    void startWithAFileThatCannotBeRead_isNotReady_andSaysWhy() {
        found =
                List.of(
                        Finding.ofFile(
                                FindingCode.UNREADABLE_DOCUMENT,
                                new Place("a.yaml", 3, 0),
                                "no YAML"));
        loop.start();
        assertThat(health(true).getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
        assertThat(health(true).getDetails())
                .containsEntry(
                        "findings",
                        List.of("a.yaml:3: SL0001 no YAML. Correct the YAML at that line."));
        listener.accept(GATEWAY);
        assertThat(health(true).getStatus()).isEqualTo(Status.UP);
        assertThat(health(true).getDetails()).doesNotContainKey("findings");
    }

    @Test
    void readiness_beginsWithTheFirstConfiguration_andStays() {
        loop.start();
        assertThat(health(false).getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
        listener.accept(Resources.EMPTY);
        assertThat(health(false).getStatus()).isEqualTo(Status.UP);
        failing = true;
        listener.accept(GATEWAY);
        assertThat(health(false).getStatus()).isEqualTo(Status.UP);
        assertThat(health(false).getDetails())
                .containsEntry("generation", 1L)
                .containsEntry("failure", "java.lang.IllegalStateException: no");
    }

    @Test
    void portThatCannotBeBound_changesNoReadiness_inACluster() {
        loop.start();
        unbound = Map.of("default/gw:80", "taken");
        listener.accept(GATEWAY);
        assertThat(health(false).getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void firstStartWithoutAnyPort_isNotReady_onOneMachine() {
        loop.start();
        unbound = Map.of("default/gw:80", "taken");
        listener.accept(GATEWAY);
        assertThat(health(true).getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
        assertThat(health(true).getDetails()).containsEntry("ports", "none could be bound");
        unbound = Map.of();
        listener.accept(GATEWAY);
        assertThat(health(true).getStatus()).isEqualTo(Status.UP);
        unbound = Map.of("default/gw:80", "taken");
        listener.accept(GATEWAY);
        assertThat(health(true).getStatus()).as("it was bound once").isEqualTo(Status.UP);
    }

    @Test
    void silentLoop_isToldAndChangesNoReadiness() {
        loop.start();
        listener.accept(Resources.EMPTY);
        assertThat(health(false).getDetails()).containsEntry("loop", "alive");
        turn = Instant.now().minusSeconds(100);
        assertThat(health(false).getStatus()).isEqualTo(Status.UP);
        assertThat(health(false).getDetails())
                .containsEntry("loop", "silent")
                .containsEntry("lastTurn", turn.toString());
    }
}
