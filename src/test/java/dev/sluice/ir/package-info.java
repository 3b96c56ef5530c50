/// What must stay as it is in the values of the data plane.
@NullMarked
package dev.sluice.ir;

import org.jspecify.annotations.NullMarked;
