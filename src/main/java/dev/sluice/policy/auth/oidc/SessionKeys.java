package dev.sluice.policy.auth.oidc;

import dev.sluice.digest.Sha256;

/// Names under which Redis keeps what belongs to sessions. They hold hashes: who can read them
/// learns no id of a session, and no user.
final class SessionKeys {

    private static final String PREFIX = "sluice:session:";

    private final String policy;
    private final String client;

    /// @param policy whose sessions they are
    SessionKeys(Oidc section, String policy) {
        this.policy = policy;
        this.client = section.issuer() + "\n" + section.client().id();
    }

    /// The key of a session.
    ///
    /// @param id that the browser has
    /// @param place where it is good
    String session(String id, String place) {
        return PREFIX + policy + ":" + hash(place + "\n" + id);
    }

    /// The set of sessions that belong to one at the provider.
    String bySid(String sid) {
        return PREFIX + "of:" + hash(client + "\nsid\n" + sid);
    }

    /// The set of a user's sessions.
    String bySub(String sub) {
        return PREFIX + "of:" + hash(client + "\nsub\n" + sub);
    }

    /// Whether a logout token was used.
    ///
    /// @param jti its id
    String used(String jti) {
        return PREFIX + "used:" + hash(client + "\n" + jti);
    }

    private static String hash(String text) {
        return Sha256.base64Url(text, Sha256.BYTES);
    }
}
