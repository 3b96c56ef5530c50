/// Tests of series of labels.
@NullMarked
package dev.sluice.policy.telemetry;

import org.jspecify.annotations.NullMarked;
