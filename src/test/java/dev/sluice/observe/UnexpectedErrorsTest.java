package dev.sluice.observe;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.util.internal.OutOfDirectMemoryError;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// Errors that barriers caught: counted, logged at a bounded rate.
class UnexpectedErrorsTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final AtomicLong clock = new AtomicLong(42);
    private final List<Throwable> ended = new ArrayList<>();
    private final UnexpectedErrors errors = new UnexpectedErrors(registry, clock::get, ended::add);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(UnexpectedErrors.class);

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
        logger.setAdditive(false);
    }

    @AfterEach
    void detach() {
        logger.detachAppender(log);
        logger.setAdditive(true);
    }

    private double count(String place) {
        return registry.get("sluice.unexpected.errors").tag("place", place).counter().count();
    }

    @Test
    void error_isCountedByPlace_andLoggedWithItsStack() {
        errors.report("here", new IllegalStateException("one"));
        errors.report("there", new LinkageError("two"));
        assertThat(count("here")).isEqualTo(1);
        assertThat(count("there")).isEqualTo(1);
        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("unexpected error in here", "unexpected error in there");
        assertThat(log.list).allMatch(event -> event.getThrowableProxy() != null);
    }

    @Test
    void manyErrors_areAllCounted_andFewAreLogged() {
        for (int i = 0; i < 1000; i++) {
            errors.report("here", new IllegalStateException());
        }
        assertThat(count("here")).isEqualTo(1000);
        assertThat(log.list).hasSize(5);
        clock.addAndGet(TimeUnit.SECONDS.toNanos(10));
        errors.report("here", new IllegalStateException());
        errors.report("here", new IllegalStateException());
        assertThat(log.list)
                .hasSize(6)
                .last()
                .extracting(ILoggingEvent::getFormattedMessage)
                .isEqualTo("unexpected error in here, and 995 before it that are not here");
        errors.report("there", new IllegalStateException());
        assertThat(log.list).hasSize(7);
    }

    @Test
    void placeThatWasQuiet_logsItsBurstAgain() {
        for (int i = 0; i < 6; i++) {
            errors.report("here", new IllegalStateException());
        }
        clock.addAndGet(TimeUnit.HOURS.toNanos(1));
        for (int i = 0; i < 6; i++) {
            errors.report("here", new IllegalStateException());
        }
        assertThat(log.list).hasSize(10);
    }

    @Test
    void placesMadeOfInput_areBounded() {
        for (int i = 0; i < 1000; i++) {
            errors.report("place " + i, new IllegalStateException());
        }
        assertThat(registry.find("sluice.unexpected.errors").counters()).hasSize(101);
        assertThat(count("other")).isEqualTo(900);
    }

    @Test
    void errorsOfTheJvm_endTheProcess_butDeepStacksAndDirectMemoryDoNot() {
        OutOfMemoryError heap = new OutOfMemoryError("Java heap space");
        InternalError internal = new InternalError();
        errors.report("here", heap);
        errors.report("here", internal);
        assertThat(ended).containsExactly(heap, internal);
        errors.report("here", new StackOverflowError());
        errors.report(
                "here",
                new OutOfMemoryError(
                        "Cannot reserve 16 bytes of direct buffer memory (allocated)"));
        assertThat(ended).hasSize(2);
        assertThat(count("here")).isEqualTo(2);
        assertThat(OutOfDirectMemoryError.class.getSimpleName())
                .as("the name that isFatal looks for")
                .isEqualTo("OutOfDirectMemoryError");
    }

    @Test
    void errorWhoseTextThrows_isCountedNevertheless() {
        errors.report(
                "here",
                new IllegalStateException() {
                    private static final long serialVersionUID = 1;

                    @Override
                    public String getMessage() {
                        throw new IllegalArgumentException();
                    }
                });
        assertThat(count("here")).isEqualTo(1);
    }
}
