/// The neutral form of a message, and HTTP/1.1 on the wire: heads, bodies, trailers, framing.
@NullMarked
package dev.sluice.http;

import org.jspecify.annotations.NullMarked;
