/// Sockets: binding and draining at run time, TLS by server name, limits of connections.
@NullMarked
package dev.sluice.listener;

import org.jspecify.annotations.NullMarked;
