package dev.sluice.l4;

import dev.sluice.upstream.balance.HashInput;
import org.jspecify.annotations.Nullable;

/// All that consistent hashing can look at of a connection.
record ClientAddress(String clientHost) implements HashInput {

    @Override
    public @Nullable String header(String name) {
        return null;
    }

    @Override
    public @Nullable String cookie(String name) {
        return null;
    }
}
