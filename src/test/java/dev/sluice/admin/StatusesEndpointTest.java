package dev.sluice.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.finding.Finding;
import dev.sluice.finding.FindingCode;
import dev.sluice.finding.Place;
import dev.sluice.resource.ObjectRef;
import dev.sluice.resource.Statuses;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What `/actuator/statuses` shows of findings.
class StatusesEndpointTest {

    private static final ObjectRef ROUTE = new ObjectRef("g", "HTTPRoute", "default", "cart");

    @Test
    void objectsWithoutStatus_andFiles_haveTheirFindings() {
        Finding ofRoute =
                Finding.of(
                                FindingCode.SERVICE_NOT_FOUND,
                                ROUTE,
                                "spec.",
                                "rules[0].backendRefs[0]: Service \"default/crat\" not found")
                        .at(new Place("a.yaml", 3, 1));
        Finding ofFile =
                Finding.ofFile(
                        FindingCode.UNREADABLE_DOCUMENT, new Place("b.yaml", 7, 1), "no YAML");
        StatusesEndpoint endpoint =
                new StatusesEndpoint(() -> Statuses.NONE, () -> List.of(ofRoute, ofFile));
        assertThat(String.valueOf(endpoint.all(Format.YAML).getBody()))
                .contains(
                        """
                        HTTPRoute default/cart:
                          findings:
                          - code: SL0205
                            severity: error
                            field: "spec.rules[0].backendRefs[0]"
                            value: default/crat
                            place: a.yaml:3
                        """)
                .contains("b.yaml:\n  findings:\n  - code: SL0001\n");
    }
}
