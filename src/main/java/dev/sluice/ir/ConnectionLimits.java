package dev.sluice.ir;

import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// Section `limits` of a ResiliencePolicy: what a Service's port may take of a replica.
///
/// @param connectionsPerEndpoint to each endpoint, at least 1; null for what the settings say
/// @param pendingRequests that wait for a connection to an endpoint, at least 0; null for what the
///   settings say
public record ConnectionLimits(
        @Nullable Integer connectionsPerEndpoint, @Nullable Integer pendingRequests)
        implements PolicySection {

    @Override
    public String text() {
        StringJoiner text = new StringJoiner(", ");
        if (connectionsPerEndpoint != null) {
            text.add(connectionsPerEndpoint + " connections an endpoint");
        }
        if (pendingRequests != null) {
            text.add(pendingRequests + " requests may wait");
        }
        return text.toString();
    }

    @Override
    public boolean restricts() {
        return false;
    }
}
