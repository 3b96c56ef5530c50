package dev.sluice.control;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.sluice.ir.Configuration;
import dev.sluice.observe.ControlMeters;
import dev.sluice.observe.UnexpectedErrors;
import dev.sluice.resource.Resources;
import dev.sluice.source.ResourceSource;
import dev.sluice.translate.Translator;
import dev.sluice.translate.context.TranslationSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/// The loop, whatever goes wrong in it.
class ControlLoopTest implements ResourceSource {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final AtomicReference<@Nullable Throwable> ofPublication = new AtomicReference<>();
    private final AtomicReference<@Nullable Throwable> ofStatuses = new AtomicReference<>();
    private Consumer<Resources> listener = _ -> {};
    private final ControlLoop loop =
            new ControlLoop(
                    this,
                    new Translator(TranslationSettings.DEFAULT, List.of()),
                    this::publish,
                    (_, _) -> fail(ofStatuses.get()),
                    new ControlMeters(registry),
                    new UnexpectedErrors(registry));

    private Map<String, String> publish(Configuration configuration) {
        fail(ofPublication.get());
        return Map.of();
    }

    private static void fail(@Nullable Throwable error) {
        switch (error) {
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case null, default -> {}
        }
    }

    @Override
    public void start(Consumer<Resources> to) {
        listener = to;
        change();
    }

    private void change() {
        listener.accept(Resources.EMPTY);
    }

    @Override
    public void refresh() {}

    @Override
    public Instant lastTurn() {
        return Instant.EPOCH;
    }

    @Override
    public void close() {}

    private static Throwable error(String name) {
        return switch (name) {
            case "RuntimeException" -> new IllegalStateException();
            case "StackOverflowError" -> new StackOverflowError();
            default -> new LinkageError();
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"RuntimeException", "StackOverflowError", "LinkageError"})
    void errorInAPublication_endsOneTurn_andWhatWasServedStays(String name) {
        loop.start();
        Throwable error = error(name);
        ofPublication.set(error);
        change();
        assertThat(loop.applied().generation()).isEqualTo(1);
        assertThat(loop.state().failure()).isSameAs(error);
        assertThat(registry.get("sluice.unexpected.errors").tag("place", "control").counter())
                .satisfies(counter -> assertThat(counter.count()).isEqualTo(1));
        assertThat(registry.get("sluice.translation.failures").counter().count()).isEqualTo(1);
        ofPublication.set(null);
        change();
        assertThat(loop.applied().generation()).isEqualTo(2);
        assertThat(loop.state().failure()).isNull();
    }

    /// Most changes in a cluster are of objects that nothing here rests on.
    @Test
    void changeThatComesToNothing_isNoLine() {
        Logger logger = (Logger) LoggerFactory.getLogger(ControlLoop.class);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        try {
            loop.start();
            change();
            change();
            assertThat(loop.applied().generation()).isEqualTo(3);
        } finally {
            logger.detachAppender(log);
        }
        assertThat(log.list.stream().filter(line -> line.getLevel() == Level.INFO))
                .singleElement()
                .asString()
                .contains("generation 1:");
    }

    @Test
    void errorInTheFirstPublication_leavesTheLoopToTheNextChange() {
        ofPublication.set(new StackOverflowError());
        loop.start();
        assertThat(loop.applied().generation()).isZero();
        ofPublication.set(null);
        change();
        assertThat(loop.applied().generation()).isEqualTo(1);
    }

    @Test
    void errorInTheSinkOfStatuses_takesNothingOfWhatIsServedBack() {
        ofStatuses.set(new LinkageError());
        loop.start();
        assertThat(loop.applied().generation()).isEqualTo(1);
        assertThat(loop.state().failure()).isInstanceOf(LinkageError.class);
        ofStatuses.set(null);
        change();
        assertThat(loop.state().failure()).isNull();
    }
}
