package dev.sluice.engine;

import dev.sluice.http.RequestEvents;

/// The copies of one request that mirrors get.
public interface MirrorSet {

    /// Of requests without a copy.
    MirrorSet NONE =
            new MirrorSet() {
                @Override
                public RequestEvents around(RequestEvents backend) {
                    return backend;
                }

                @Override
                public void abort() {
                    // There is nothing to give up.
                }

                @Override
                public void onEnded() {
                    // Nobody waits for it.
                }
            };

    /// Where the body goes, so that the backend and the copies get it. Called once.
    RequestEvents around(RequestEvents backend);

    /// Gives the copies up.
    void abort();

    /// The exchange is over.
    void onEnded();
}
