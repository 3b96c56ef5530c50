/// A request's life: from its head through the stages of its rule to the way to a backend, and
/// back.
@NullMarked
package dev.sluice.engine;

import org.jspecify.annotations.NullMarked;
