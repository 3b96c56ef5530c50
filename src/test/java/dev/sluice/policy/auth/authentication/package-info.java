/// Tests of what all kinds of credentials share.
@NullMarked
package dev.sluice.policy.auth.authentication;

import org.jspecify.annotations.NullMarked;
