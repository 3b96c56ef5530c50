/// Tests of the application as users start it.
@NullMarked
package dev.sluice.app;

import org.jspecify.annotations.NullMarked;
