/// Tests of paths.
@NullMarked
package dev.sluice.path;

import org.jspecify.annotations.NullMarked;
