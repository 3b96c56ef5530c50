/// Where resources come from, and where statuses go.
@NullMarked
package dev.sluice.source;

import org.jspecify.annotations.NullMarked;
