/// Tests of the source of a cluster that need no API server; `make conformance` has one.
@NullMarked
package dev.sluice.source.kubernetes;

import org.jspecify.annotations.NullMarked;
