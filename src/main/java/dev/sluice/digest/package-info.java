/// Hashes of texts and bytes.
@NullMarked
package dev.sluice.digest;

import org.jspecify.annotations.NullMarked;
