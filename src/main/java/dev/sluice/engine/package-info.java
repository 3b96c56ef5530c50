/// A request's life: from its head on a connection through the stages of its rule to a backend, and
/// back.
@NullMarked
package dev.sluice.engine;

import org.jspecify.annotations.NullMarked;
