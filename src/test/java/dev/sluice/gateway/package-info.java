/// In-process tests of the data path: real sockets on both sides.
@NullMarked
package dev.sluice.gateway;

import org.jspecify.annotations.NullMarked;
