/// JMH benchmarks of single parts, run on demand.
@NullMarked
package dev.sluice.bench;

import org.jspecify.annotations.NullMarked;
