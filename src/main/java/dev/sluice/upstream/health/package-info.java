/// Which endpoints are avoided: outliers by the ends of requests, and health checks.
@NullMarked
package dev.sluice.upstream.health;

import org.jspecify.annotations.NullMarked;
