/// What a plain Spring Cloud Gateway gets wrong (docs/traps.md), and that it does.
@NullMarked
package dev.sluice.gateway.traps;

import org.jspecify.annotations.NullMarked;
