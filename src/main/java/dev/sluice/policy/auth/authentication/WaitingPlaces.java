package dev.sluice.policy.auth.authentication;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Places for requests that wait to be judged, shared by all policies.
///
/// An authenticator holds at most as many as are free, and a client at most as many of an
/// authenticator's as that could still have. So the more somebody holds, the less is left to him,
/// and never so little that others have none: a lone client gets a third of all places, a lone
/// policy half of them. Counts of requests that come at the same moment may be off by a few.
final class WaitingPlaces {

    private final int most;
    private final AtomicInteger taken = new AtomicInteger();
    private final Map<Authenticator, Integer> byAuthenticator = new ConcurrentHashMap<>();
    private final Map<Place, Integer> byClient = new ConcurrentHashMap<>();

    /// What a request holds while it waits.
    ///
    /// @param client the network of its address
    record Place(Authenticator authenticator, String client) {}

    /// @param most places that there are
    WaitingPlaces(int most) {
        this.most = most;
    }

    /// @return null when there is none for that client, and nothing is taken
    @Nullable Place take(Authenticator authenticator, String client) {
        Place place = new Place(authenticator, client);
        int free = most - taken.incrementAndGet();
        int ofAuthenticator = byAuthenticator.merge(authenticator, 1, Integer::sum);
        int ofClient = byClient.merge(place, 1, Integer::sum);
        if (free < 0
                || ofAuthenticator > free + 1
                || ofClient > Math.max(1, free - ofAuthenticator)) {
            giveBack(place);
            return null;
        }
        return place;
    }

    void giveBack(Place place) {
        byClient.computeIfPresent(place, (_, held) -> less(held));
        byAuthenticator.computeIfPresent(place.authenticator(), (_, held) -> less(held));
        taken.decrementAndGet();
    }

    private static @Nullable Integer less(int held) {
        return held == 1 ? null : held - 1;
    }
}
