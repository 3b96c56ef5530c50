/// Section `oidc`: logins at an identity provider (OpenID Connect Core 1.0) and their sessions.
@NullMarked
package dev.sluice.policy.auth.oidc;

import org.jspecify.annotations.NullMarked;
