package dev.sluice.ir;

import java.time.Duration;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/// When a request is sent again (GEP-1731). Failures to connect and connections that break before
/// an answer count like a listed status.
///
/// @param codes statuses of responses that are not passed on while attempts are left, 400 to 599
/// @param attempts how often the request is sent again, at least 1
/// @param backoff least time between two tries, [Duration#ZERO] for none
public record Retry(Set<Integer> codes, int attempts, Duration backoff) {

    public Retry {
        codes = Collections.unmodifiableSet(new TreeSet<>(codes));
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts must be at least 1, was " + attempts);
        }
    }
}
