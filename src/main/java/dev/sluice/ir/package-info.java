/// What the data plane shall do, as immutable values that know no protocol library and no cluster.
@NullMarked
package dev.sluice.ir;

import org.jspecify.annotations.NullMarked;
