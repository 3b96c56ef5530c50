/// How endpoints are chosen, without sockets.
@NullMarked
package dev.sluice.upstream;

import org.jspecify.annotations.NullMarked;
