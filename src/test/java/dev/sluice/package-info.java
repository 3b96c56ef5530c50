/// Tests of the whole.
@NullMarked
package dev.sluice;

import org.jspecify.annotations.NullMarked;
