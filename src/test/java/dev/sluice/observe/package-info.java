/// Tests of what operators see.
@NullMarked
package dev.sluice.observe;

import org.jspecify.annotations.NullMarked;
