/// HTTP/1.1 on the wire: the strict parser, framing, and the writer.
@NullMarked
package dev.sluice.http.http1;

import org.jspecify.annotations.NullMarked;
