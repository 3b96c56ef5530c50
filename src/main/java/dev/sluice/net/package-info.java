/// What lies below HTTP: event loops, connections, addresses, certificates, timers.
@NullMarked
package dev.sluice.net;

import org.jspecify.annotations.NullMarked;
