package dev.sluice.finding;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// When findings are logged.
class FindingLogTest {

    private final Logger logger = (Logger) LoggerFactory.getLogger(FindingLog.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final FindingLog log = new FindingLog();

    @BeforeEach
    void listen() {
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(lines);
    }

    private static Finding saved(int line, long revision) {
        return Finding.ofFile(
                FindingCode.UNREADABLE_DOCUMENT, new Place("a.yaml", line, revision), "no YAML");
    }

    @Test
    void finding_isLoggedOnce_andAgainWhenItIsSavedAgain() {
        log.report(List.of(saved(1, 1)));
        log.report(List.of(saved(1, 1)));
        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("a.yaml:1: SL0001 no YAML. Correct the YAML at that line.");
        log.report(List.of(saved(1, 2)));
        assertThat(lines.list).hasSize(2);
        log.report(List.of());
        log.report(List.of(saved(1, 2)));
        assertThat(lines.list).hasSize(3);
    }

    @Test
    void thousandsOfFindings_areAHundredLinesAndACount() {
        List<Finding> many = new ArrayList<>();
        for (int line = 1; line <= 5000; line++) {
            many.add(saved(line, 1));
        }
        log.report(many);
        assertThat(lines.list).hasSize(101);
        assertThat(lines.list.getLast().getFormattedMessage()).startsWith("4900 more findings");
    }
}
