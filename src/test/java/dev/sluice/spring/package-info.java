/// The Spring stage, by its parts.
@NullMarked
package dev.sluice.spring;

import org.jspecify.annotations.NullMarked;
