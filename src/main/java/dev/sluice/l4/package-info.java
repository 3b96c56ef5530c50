/// Connections that are handed to backends as they are: no message in them is looked at.
@NullMarked
package dev.sluice.l4;

import org.jspecify.annotations.NullMarked;
