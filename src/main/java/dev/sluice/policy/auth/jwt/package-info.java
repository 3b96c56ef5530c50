/// Section `jwt`: signed tokens (RFC 7519) and the keys that verify them.
@NullMarked
package dev.sluice.policy.auth.jwt;

import org.jspecify.annotations.NullMarked;
