/// Tests of the engine's parts that no socket is needed for.
@NullMarked
package dev.sluice.engine;

import org.jspecify.annotations.NullMarked;
