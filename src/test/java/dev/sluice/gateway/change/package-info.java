/// Configuration that changes while requests are served.
@NullMarked
package dev.sluice.gateway.change;

import org.jspecify.annotations.NullMarked;
