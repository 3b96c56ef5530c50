/// How endpoints are ejected, in virtual time.
@NullMarked
package dev.sluice.upstream.health;

import org.jspecify.annotations.NullMarked;
