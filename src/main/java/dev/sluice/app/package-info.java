/// Wiring only: the application, its properties, and the list of what it is made of.
@NullMarked
package dev.sluice.app;

import org.jspecify.annotations.NullMarked;
