/// Sections `basic`, `apiKey` and `clientCert`.
@NullMarked
package dev.sluice.policy.auth.credential;

import org.jspecify.annotations.NullMarked;
