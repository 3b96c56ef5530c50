package dev.sluice.policy.ratelimit;

import io.netty.handler.codec.http.HttpHeaders;

/// Header fields that report a limit to clients.
///
/// @param limit the one that refused the request, or leaves the fewest
record RateLimitHeaders(Limit limit, Decision decision) {

    private static final long SECOND = 1_000_000_000;

    void describe(Refusal refusal, HttpHeaders headers) {
        if (decision.isCounted()) {
            switch (refusal.headers()) {
                case STANDARD -> standard(headers);
                case LEGACY -> legacy(headers);
                case NONE -> {}
            }
        }
        if (!decision.passes() && refusal.retryAfter()) {
            headers.set("retry-after", Long.toString(seconds(decision.after())));
        }
    }

    private void standard(HttpHeaders headers) {
        String name = '"' + limit.name() + '"';
        long window = seconds(limit.rate().size());
        headers.add("ratelimit-policy", name + ";q=" + limit.rate().burst() + ";w=" + window);
        headers.add(
                "ratelimit",
                name + ";r=" + decision.remaining() + ";t=" + seconds(decision.reset()));
    }

    private void legacy(HttpHeaders headers) {
        headers.set("x-ratelimit-limit", Long.toString(limit.rate().burst()));
        headers.set("x-ratelimit-remaining", Long.toString(decision.remaining()));
        headers.set("x-ratelimit-reset", Long.toString(seconds(decision.reset())));
    }

    private static long seconds(long nanos) {
        return Math.max(0, (nanos + SECOND - 1) / SECOND);
    }
}
