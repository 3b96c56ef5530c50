package dev.sluice.policy.auth.oidc;

import dev.sluice.digest.Sha256;

/// Proof Key for Code Exchange (RFC 7636).
final class Pkce {

    private Pkce() {}

    /// The challenge of method S256.
    static String challenge(String verifier) {
        return Sha256.base64Url(verifier, Sha256.BYTES);
    }
}
