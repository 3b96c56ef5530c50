/// Expressions in CEL over a request, for policies: a condition, or a text.
@NullMarked
package dev.sluice.cel;

import org.jspecify.annotations.NullMarked;
