package dev.sluice.forward;

import dev.sluice.upstream.Cluster;
import java.util.concurrent.ThreadLocalRandom;

/// A backend that gets copies of a rule's requests.
///
/// @param backend the backend
/// @param numerator of the share of requests that are copied
/// @param denominator at least 1
public record MirrorTarget(Cluster backend, int numerator, int denominator) {

    /// Whether to copy the next request.
    boolean draws() {
        return numerator >= denominator
                || ThreadLocalRandom.current().nextInt(denominator) < numerator;
    }
}
