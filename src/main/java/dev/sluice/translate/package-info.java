/// The pure function from resources to a configuration and the statuses that explain it.
@NullMarked
package dev.sluice.translate;

import org.jspecify.annotations.NullMarked;
