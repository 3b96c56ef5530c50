package dev.sluice.policy.ratelimit;

/// What became of a request at one limit.
///
/// @param remaining requests that would pass now; less than 0 when that is not known
/// @param reset nanoseconds until the bucket is full
/// @param after nanoseconds until the request would pass, 0 when it passes
record Decision(boolean passes, long remaining, long reset, long after) {

    private static final long SECOND = 1_000_000_000;

    /// The request passes although nobody counted it.
    static final Decision UNCOUNTED = new Decision(true, -1, 0, 0);

    /// The request does not pass because nobody can count it.
    static final Decision UNAVAILABLE = new Decision(false, -1, 0, SECOND);

    /// Whether it was counted, and clients can be informed.
    boolean isCounted() {
        return remaining >= 0;
    }
}
