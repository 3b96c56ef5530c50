@NullMarked
package dev.sluice.http.http1;

import org.jspecify.annotations.NullMarked;
