/// The neutral form of a message: heads, fields, events of bodies, failures.
@NullMarked
package dev.sluice.http;

import org.jspecify.annotations.NullMarked;
