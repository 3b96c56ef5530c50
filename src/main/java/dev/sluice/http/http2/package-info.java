/// HTTP/2 on the wire: frames within budgets, endpoints and streams of either side.
@NullMarked
package dev.sluice.http.http2;

import org.jspecify.annotations.NullMarked;
