/// The way to Redis, and whether it is good.
@NullMarked
package dev.sluice.redis;

import org.jspecify.annotations.NullMarked;
