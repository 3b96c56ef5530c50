package dev.sluice.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.resource.Condition;
import dev.sluice.resource.ConditionType;
import dev.sluice.resource.Kind;
import dev.sluice.resource.Kinds;
import dev.sluice.resource.Policy;
import dev.sluice.resource.Route;
import dev.sluice.resource.Status;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What is kept and what is replaced when we write a status.
class StatusMergeTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String US = "sluice.dev/gateway-controller";
    private static final StatusMerge MERGE =
            new StatusMerge(US, Instant.parse("2026-05-01T00:00:00.5Z"));

    private static final Route.ParentRef GW =
            new Route.ParentRef("gateway.networking.k8s.io", "Gateway", null, "gw", null, null);

    private static Condition condition(String type, boolean status, long generation) {
        return new Condition(type, status, type, "", generation);
    }

    private static JsonNode json(String text) {
        return JSON.readTree(text.replace('\'', '"'));
    }

    private static Status route(Condition... conditions) {
        return new Status.OfRoute(List.of(new Status.OfParent(GW, US, List.of(conditions))));
    }

    @Test
    void emptyStatus_isFilled() {
        assertThat(MERGE.merge(json("{}"), route(condition("Accepted", true, 3))))
                .isEqualTo(
                        json(
                                """
                                {'parents': [{
                                  'parentRef': {'group': 'gateway.networking.k8s.io', 'kind': 'Gateway', 'name': 'gw'},
                                  'controllerName': 'sluice.dev/gateway-controller',
                                  'conditions': [{'lastTransitionTime': '2026-05-01T00:00:00Z', 'message': '',
                                    'observedGeneration': 3, 'reason': 'Accepted', 'status': 'True', 'type': 'Accepted'}]}]}
                                """));
    }

    @Test
    void unchangedStatus_isEqual() {
        Status status = route(condition("Accepted", true, 3), condition("ResolvedRefs", false, 3));
        JsonNode first = JSON.readTree(MERGE.merge(json("{}"), status).toString());
        StatusMerge later = new StatusMerge(US, Instant.parse("2027-01-01T00:00:00Z"));
        assertThat(later.merge(first, status)).isEqualTo(first);
    }

    @Test
    void timeOfTransition_movesWithTheStatusOnly() {
        JsonNode before = MERGE.merge(json("{}"), route(condition("Accepted", true, 3)));
        StatusMerge later = new StatusMerge(US, Instant.parse("2027-01-01T00:00:00Z"));
        JsonNode bumped = later.merge(before, route(condition("Accepted", true, 4)));
        assertThat(bumped.at("/parents/0/conditions/0/lastTransitionTime").asString())
                .isEqualTo("2026-05-01T00:00:00Z");
        assertThat(bumped.at("/parents/0/conditions/0/observedGeneration").asInt()).isEqualTo(4);
        JsonNode changed = later.merge(before, route(condition("Accepted", false, 4)));
        assertThat(changed.at("/parents/0/conditions/0/lastTransitionTime").asString())
                .isEqualTo("2027-01-01T00:00:00Z");
    }

    @Test
    void parentsOfOthers_stayAsTheyAre() {
        JsonNode foreign =
                json(
                        """
                        {'parents': [{'parentRef': {'name': 'gw'}, 'controllerName': 'example.com/other',
                          'conditions': [{'type': 'Accepted', 'status': 'True', 'x': [1, 2]}], 'extra': {'a': null}}]}
                        """);
        JsonNode merged = MERGE.merge(foreign, route(condition("Accepted", true, 1)));
        assertThat(merged.at("/parents/0")).isEqualTo(foreign.at("/parents/0"));
        assertThat(merged.at("/parents/1/controllerName").asString()).isEqualTo(US);
    }

    @Test
    void parentOfOurs_thatIsNoLongerNamedGoes() {
        JsonNode before = MERGE.merge(json("{}"), route(condition("Accepted", true, 1)));
        assertThat(MERGE.merge(before, new Status.OfRoute(List.of())).at("/parents")).isEmpty();
    }

    @Test
    void conditionsOfOthers_stayAndOursThatEndGo() {
        JsonNode before =
                json(
                        """
                        {'conditions': [{'type': 'example.com/Checked', 'status': 'Unknown', 'y': 1},
                          {'type': 'ResolvedRefs', 'status': 'False'}, {'type': 'Accepted', 'status': 'Unknown'}]}
                        """);
        JsonNode merged =
                MERGE.merge(
                        before,
                        new Status.OfGateway(
                                List.of(condition("Accepted", true, 1)), List.of(), List.of(), 0));
        assertThat(merged.at("/conditions")).hasSize(2);
        assertThat(merged.at("/conditions/0")).isEqualTo(before.at("/conditions/0"));
        assertThat(merged.at("/conditions/1/status").asString()).isEqualTo("True");
    }

    @Test
    void listeners_areOursWithTheConditionsOfOthers() {
        JsonNode before =
                json(
                        """
                        {'listeners': [{'name': 'gone', 'attachedRoutes': 1, 'conditions': []},
                          {'name': 'http', 'attachedRoutes': 1, 'conditions': [{'type': 'example.com/A', 'status': 'True'}]}]}
                        """);
        Status status =
                new Status.OfGateway(
                        List.of(),
                        List.of(
                                new Status.OfListener(
                                        "http",
                                        List.of(),
                                        2,
                                        List.of(condition("Accepted", true, 1)))),
                        List.of(new Status.Address("IPAddress", "10.0.0.1")),
                        1);
        JsonNode merged = MERGE.merge(before, status);
        assertThat(merged.at("/listeners")).hasSize(1);
        assertThat(merged.at("/listeners/0/attachedRoutes").asInt()).isEqualTo(2);
        assertThat(merged.at("/listeners/0/conditions")).hasSize(2);
        assertThat(merged.at("/addresses/0/value").asString()).isEqualTo("10.0.0.1");
        assertThat(merged.at("/attachedListenerSets").asInt()).isEqualTo(1);
    }

    /// Each type that we can write is removed when we no longer answer it.
    @ParameterizedTest
    @EnumSource
    void conditionThatIsNotAnsweredAnyMore_goes(ConditionType type) {
        JsonNode before = MERGE.merge(json("{}"), route(type.bad("Why", "", 3)));
        JsonNode after = MERGE.merge(before, route());
        assertThat(after.at("/parents/0/conditions").size()).isZero();
    }

    static Stream<Kind> policies() {
        return Kinds.all().stream().filter(kind -> Policy.class.isAssignableFrom(kind.type()));
    }

    @ParameterizedTest
    @MethodSource("policies")
    void conditionOfAPolicy_goesWithIt(Kind policy) {
        JsonNode before = MERGE.merge(json("{}"), route(Condition.affected(policy, "a", 3)));
        assertThat(before.at("/parents/0/conditions").size()).isEqualTo(1);
        JsonNode after = MERGE.merge(before, route());
        assertThat(after.at("/parents/0/conditions").size()).isZero();
    }
}
