/// ResiliencePolicy: what is done where a backend is slow or broken. State belongs to a port of a
/// Service, and all rules under one policy that lead there share it.
@NullMarked
package dev.sluice.policy.resilience;

import org.jspecify.annotations.NullMarked;
