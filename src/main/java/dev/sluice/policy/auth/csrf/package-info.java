/// Section `csrf`: requests that another site made a browser send.
@NullMarked
package dev.sluice.policy.auth.csrf;

import org.jspecify.annotations.NullMarked;
