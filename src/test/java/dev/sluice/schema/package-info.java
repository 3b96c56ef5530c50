/// Tests of what the API server would do.
@NullMarked
package dev.sluice.schema;

import org.jspecify.annotations.NullMarked;
