/// How credentials are found and judged, whatever their kind, and how requests are refused.
@NullMarked
package dev.sluice.policy.auth.authentication;

import org.jspecify.annotations.NullMarked;
