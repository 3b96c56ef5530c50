/// Why something is not served as written, and the conditions that say so.
@NullMarked
package dev.sluice.translate.status;

import org.jspecify.annotations.NullMarked;
