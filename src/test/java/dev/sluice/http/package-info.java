/// Tests of the parts of HTTP that no socket is needed for.
@NullMarked
package dev.sluice.http;

import org.jspecify.annotations.NullMarked;
