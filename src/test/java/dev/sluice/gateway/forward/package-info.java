/// What reaches the backend and what comes back, retries, tunnels and sessions.
@NullMarked
package dev.sluice.gateway.forward;

import org.jspecify.annotations.NullMarked;
