/// Section `opaque`: tokens that their issuer introspects (RFC 7662).
@NullMarked
package dev.sluice.policy.auth.introspection;

import org.jspecify.annotations.NullMarked;
