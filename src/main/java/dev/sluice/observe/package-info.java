/// What operators see: meters, documented where they are declared.
@NullMarked
package dev.sluice.observe;

import org.jspecify.annotations.NullMarked;
