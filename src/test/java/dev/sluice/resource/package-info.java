/// Tests of what users wrote, as it is held.
@NullMarked
package dev.sluice.resource;

import org.jspecify.annotations.NullMarked;
