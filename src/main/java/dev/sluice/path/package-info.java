/// Paths of requests: the form in which they are matched, and what backends may read them as.
@NullMarked
package dev.sluice.path;

import org.jspecify.annotations.NullMarked;
