/// A request on its way to a backend: selection, body, retries, sessions, mirrors.
@NullMarked
package dev.sluice.forward;

import org.jspecify.annotations.NullMarked;
