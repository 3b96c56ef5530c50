/// Connections and datagrams through the data plane.
@NullMarked
package dev.sluice.gateway.l4;

import org.jspecify.annotations.NullMarked;
