package dev.sluice.policy.auth.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.engine.Exchange;
import dev.sluice.policy.auth.authentication.WaitingPlaces.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Places to wait in, when some clients and policies take all that they can get.
class WaitingPlacesTest {

    private static final int MOST = 900;

    private final WaitingPlaces places = new WaitingPlaces(MOST);
    private final Authenticator one = new Nobody("one");
    private final Authenticator other = new Nobody("other");

    private record Nobody(String name) implements Authenticator {
        @Override
        public AuthenticationResult resume(Exchange exchange) {
            return AuthenticationResult.Absent.ABSENT;
        }

        @Override
        public String scheme() {
            return "";
        }

        @Override
        public Set<String> fields() {
            return Set.of();
        }
    }

    /// All that a client can get.
    private List<Place> flood(Authenticator authenticator, String client) {
        List<Place> taken = new ArrayList<>();
        Place place = places.take(authenticator, client);
        while (place != null) {
            taken.add(place);
            place = places.take(authenticator, client);
        }
        return taken;
    }

    @Test
    void oneClient_leavesPlacesForOthers_ofItsPolicyToo() {
        assertThat(flood(one, "a")).hasSize(MOST / 3);
        assertThat(flood(one, "b")).hasSizeGreaterThan(MOST / 10);
        assertThat(flood(other, "c")).hasSizeGreaterThan(MOST / 10);
    }

    @Test
    void manyClientsOfOnePolicy_leavePlacesForOthers() {
        List<Place> taken = new ArrayList<>();
        for (int client = 0; client < MOST; client++) {
            Place place = places.take(one, "client " + client);
            if (place != null) {
                taken.add(place);
            }
        }
        assertThat(taken).hasSize(MOST / 2);
        assertThat(flood(other, "a")).hasSizeGreaterThan(MOST / 10);
    }

    @Test
    void placesThatAreGivenBack_canBeHadAgain() {
        for (int i = 0; i < 10; i++) {
            List<Place> taken = flood(one, "a");
            assertThat(taken).hasSize(MOST / 3);
            taken.forEach(places::giveBack);
        }
    }
}
