/// The standard filters of Gateway API as stages, one file each.
@NullMarked
package dev.sluice.filter;

import org.jspecify.annotations.NullMarked;
