package dev.sluice.policy.auth.jwt;

import java.time.Duration;

/// Where the keys of an issuer come from.
public sealed interface KeySource {

    /// They are written down.
    ///
    /// @param jwks a JSON Web Key Set (RFC 7517) of public keys
    record Given(String jwks) implements KeySource {}

    /// They are fetched.
    ///
    /// @param uri of a JSON Web Key Set
    /// @param cache how long they are good; they are fetched anew a little earlier
    record Location(String uri, Duration cache) implements KeySource {}

    /// They are where the issuer's metadata says (OpenID Connect Discovery 1.0).
    ///
    /// @param issuer below which `/.well-known/openid-configuration` is
    /// @param cache as for [Location]
    record Discovered(String issuer, Duration cache) implements KeySource {}
}
