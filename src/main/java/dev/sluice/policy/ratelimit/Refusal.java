package dev.sluice.policy.ratelimit;

import dev.sluice.ir.PolicySection;

/// Section `response`: what clients receive.
///
/// @param status of the answer to a request that does not pass, 400 to 599
/// @param headers which fields report the limit, on all responses
/// @param retryAfter whether a refusal says when to come again (RFC 9110 10.2.3)
public record Refusal(int status, HeaderStyle headers, boolean retryAfter)
        implements PolicySection {

    public static final Refusal DEFAULT = new Refusal(429, HeaderStyle.STANDARD, true);

    /// Header fields.
    public enum HeaderStyle {
        /// `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-10).
        STANDARD,
        /// `X-RateLimit-Limit`, `-Remaining` and `-Reset` (seconds).
        LEGACY,
        /// None.
        NONE
    }
}
