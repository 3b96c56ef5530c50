/// What puts a configuration into effect: rules compiled, then backends, ports and sockets.
@NullMarked
package dev.sluice.dataplane;

import org.jspecify.annotations.NullMarked;
