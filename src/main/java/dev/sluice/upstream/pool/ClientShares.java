package dev.sluice.upstream.pool;

import java.util.IdentityHashMap;

/// How many places of one kind, such as connections of a pool, each client holds. When places
/// become scarce, so that as many are left as make a share, those are for clients that hold less
/// than one.
///
/// Nothing is counted before that: the sum over all places is made when somebody asks.
final class ClientShares {

    private final IdentityHashMap<Object, StreamRequest> holders = new IdentityHashMap<>();

    /// A place is taken; it may have been another request's before.
    void take(Object place, StreamRequest by) {
        holders.put(place, by);
    }

    void give(Object place) {
        holders.remove(place);
    }

    /// Whether a request may have one more.
    ///
    /// @param places that there are
    /// @param part of them that make a share; 1 for no shares
    boolean allows(StreamRequest request, int places, double part) {
        int share = (int) (places * part);
        if (part >= 1 || share == 0 || holders.size() < places - share) {
            return true;
        }
        String client = request.client();
        return client == null || held(client) < share;
    }

    private int held(String client) {
        int held = 0;
        for (StreamRequest holder : holders.values()) {
            if (client.equals(holder.client())) {
                held++;
            }
        }
        return held;
    }
}
