/// Tests of the parts of RateLimitPolicy.
@NullMarked
package dev.sluice.policy.ratelimit;

import org.jspecify.annotations.NullMarked;
