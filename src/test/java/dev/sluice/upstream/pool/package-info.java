/// What is sent to one endpoint, without sockets.
@NullMarked
package dev.sluice.upstream.pool;

import org.jspecify.annotations.NullMarked;
