/// Section `authorization`: what an authenticated client may do.
@NullMarked
package dev.sluice.policy.auth.authorization;

import org.jspecify.annotations.NullMarked;
