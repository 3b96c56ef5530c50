/// The client's side of HTTP: connections, their streams, and their settings.
@NullMarked
package dev.sluice.server;

import org.jspecify.annotations.NullMarked;
