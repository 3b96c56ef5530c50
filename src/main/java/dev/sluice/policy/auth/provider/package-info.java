/// Identity providers: requests to them, and which of them are unavailable.
@NullMarked
package dev.sluice.policy.auth.provider;

import org.jspecify.annotations.NullMarked;
