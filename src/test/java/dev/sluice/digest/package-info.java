/// Tests of hashes.
@NullMarked
package dev.sluice.digest;

import org.jspecify.annotations.NullMarked;
