/// What is reported of each request: access log, spans, and counted failures.
@NullMarked
package dev.sluice.telemetry;

import org.jspecify.annotations.NullMarked;
