package dev.sluice.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.sluice.resource.Condition;
import dev.sluice.resource.Gateway;
import dev.sluice.resource.ObjectRef;
import dev.sluice.resource.Status;
import dev.sluice.resource.Statuses;
import java.time.Duration;
import java.util.AbstractList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// What is written to the API server, and what is not.
@Timeout(60)
class StatusWriterTest extends StatusWriterFixture {

    private static final ObjectRef REF = new ObjectRef(Gateway.GROUP, "Gateway", "shop", "gw");

    private static Statuses accepted(String message, long generation) {
        Condition condition = new Condition("Accepted", true, "Accepted", message, generation);
        return new Statuses(
                Map.of(REF, new Status.OfGateway(List.of(condition), List.of(), List.of(), 0)));
    }

    private void write(Statuses statuses) {
        writer.write(statuses, List.of());
    }

    private String message() {
        JsonNode conditions = server.get(GATEWAY).path("status").path("conditions");
        for (JsonNode condition : conditions) {
            if (condition.path("type").asString().equals("Accepted")) {
                return condition.path("message").asString();
            }
        }
        return "";
    }

    private long patches() {
        return server.requests.stream().filter(r -> r.startsWith("PATCH")).count();
    }

    /// Writes something new and waits for it: whatever was due before has been done by then.
    private void settle(String message) {
        write(accepted(message, 1));
        await(() -> message().equals(message));
    }

    private static Statuses rejected(String reason) {
        Condition condition = new Condition("Accepted", false, reason, "because", 1);
        return new Statuses(
                Map.of(REF, new Status.OfGateway(List.of(condition), List.of(), List.of(), 0)));
    }

    @Test
    void changeOfFate_isAnEventOfTheObject_onceForEachReason() {
        settle("one");
        assertThat(events()).isEmpty();
        for (int i = 0; i < 3; i++) {
            write(rejected("Invalid"));
            await(() -> message().equals("because"));
            settle("again");
        }
        await(() -> events().size() == 2);
        assertThat(events())
                .containsExactly(
                        "gw: Normal Accepted Accepted is no longer False",
                        "gw: Warning Invalid Accepted is False: because");
    }

    @Test
    void fieldsWithoutEffect_areToldOnceForEachGeneration() {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(IgnoredFieldReporter.class);
        log.start();
        logger.addAppender(log);
        try {
            write(accepted("one", 1));
            await(() -> message().equals("one"));
            server.put(GATEWAY, "{'spec': {'gatewayClassName': 'sluice', 'defaultScope': 'All'}}");
            await(() -> generation() == 2);
            settle("two");
            settle("three");
            server.put(
                    GATEWAY,
                    "{'spec': {'gatewayClassName': 'sluice', 'defaultScope': 'All', 'addresses': []}}");
            await(() -> generation() == 3);
            settle("four");
            String warning = "Gateway shop/gw: valid, but of no effect here: spec.defaultScope";
            assertThat(List.copyOf(log.list))
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .containsExactly(warning, warning);
        } finally {
            logger.detachAppender(log);
        }
    }

    /// As the source has heard of it.
    private long generation() {
        LiveObject liveObject = source.find(REF);
        return liveObject == null ? 0 : liveObject.resource().metadata().generation();
    }

    @Test
    void equalStatus_isWrittenOnce() {
        settle("one");
        for (int i = 0; i < 20; i++) {
            write(accepted("one", 1));
        }
        settle("two");
        await(() -> writer.writes() == 2);
        assertThat(patches()).isEqualTo(2);
    }

    @Test
    void statusThatSomebodyElseChanged_isWrittenAgain() {
        settle("one");
        server.put(GATEWAY, "{'spec': {'gatewayClassName': 'sluice'}, 'status': {}}");
        await(() -> message().equals("one"));
        assertThat(patches()).isEqualTo(2);
    }

    /// It is heard of by a list, and by no event.
    @Test
    void statusThatSomebodyElseChangedMeanwhile_isWrittenAgain() {
        settle("one");
        int port = server.port();
        server.kill();
        await(() -> !source.broken().isEmpty());
        server.put(GATEWAY, "{'spec': {'gatewayClassName': 'sluice'}, 'status': {}}");
        server.forgetHistory();
        server.revive(port);
        await(() -> message().equals("one"));
        assertThat(patches()).isEqualTo(2);
    }

    @Test
    void replicaThatDoesNotLead_writesNothing_untilItDoes() {
        leading.set(false);
        write(accepted("one", 1));
        assertThat(patches()).isZero();
        leading.set(true);
        writer.ring();
        await(() -> message().equals("one"));
    }

    /// Their number grew for as long as a replica did not lead.
    @Test
    void objectsThatChange_areNotRemembered_byAReplicaThatDoesNotLead() {
        leading.set(false);
        write(accepted("one", 1));
        for (int i = 0; i < 50; i++) {
            server.put(GATEWAY + i, "{'spec': {'gatewayClassName': 'sluice'}}");
        }
        ObjectRef last = new ObjectRef(Gateway.GROUP, "Gateway", "shop", "gw49");
        await(() -> source.find(last) != null);
        await(() -> writer.remembered() == 0);
        leading.set(true);
        writer.ring();
        await(() -> message().equals("one"));
    }

    @Test
    void conditionsOfOthers_stay() {
        String foreign =
                "{'type':'example.com/Checked','status':'True','reason':'R','message':'m',"
                        + "'lastTransitionTime':'2020-01-01T00:00:00Z'}";
        server.put(
                GATEWAY,
                "{'spec': {'gatewayClassName': 'sluice'}, 'status': {'conditions': ["
                        + foreign
                        + "]}}");
        settle("one");
        assertThat(server.get(GATEWAY).path("status").path("conditions").get(0))
                .isEqualTo(FakeApiServer.JSON.readTree(foreign.replace('\'', '"')));
    }

    @Test
    void manyChanges_costFewWrites_andTheLastIsToldInTime() {
        for (int i = 0; i < 1000; i++) {
            write(accepted("change " + i, 1));
        }
        long end = System.nanoTime();
        await(() -> message().equals("change 999"));
        assertThat(Duration.ofNanos(System.nanoTime() - end)).isLessThan(Duration.ofSeconds(3));
        assertThat(patches()).isLessThanOrEqualTo(10);
    }

    @Test
    void errorInAPass_isNotTheLast() {
        List<Condition> broken =
                new AbstractList<>() {
                    @Override
                    public Condition get(int index) {
                        throw new LinkageError();
                    }

                    @Override
                    public int size() {
                        return 1;
                    }
                };
        write(new Statuses(Map.of(REF, new Status.OfGateway(broken, List.of(), List.of(), 0))));
        await(() -> {
            var counter = registry.find("sluice.unexpected.errors").counter();
            return counter != null && counter.count() > 0;
        });
        settle("one");
    }

    @Test
    void objectThatIsGone_isForgotten() {
        settle("one");
        server.delete(GATEWAY);
        write(accepted("two", 1));
        server.put(GATEWAY, "{'spec': {'gatewayClassName': 'sluice'}}");
        await(() -> message().equals("two"));
    }
}
