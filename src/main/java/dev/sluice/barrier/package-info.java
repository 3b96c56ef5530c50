/// Where unexpected errors end, and what ends with them.
@NullMarked
package dev.sluice.barrier;

import org.jspecify.annotations.NullMarked;
