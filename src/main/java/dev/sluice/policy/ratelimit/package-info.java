/// RateLimitPolicy: how many requests pass in a time.
@NullMarked
package dev.sluice.policy.ratelimit;

import org.jspecify.annotations.NullMarked;
