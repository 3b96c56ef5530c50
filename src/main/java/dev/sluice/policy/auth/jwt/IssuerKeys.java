package dev.sluice.policy.auth.jwt;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.KeySourceException;
import java.security.Key;
import java.util.List;

/// The keys of an issuer, as they are now.
public sealed interface IssuerKeys permits IssuerKeys.FixedKeys, RemoteKeys {

    /// The keys that a token may be signed with. May wait: not for event loops.
    ///
    /// @throws KeySourceException when it cannot be known, since they cannot be fetched
    List<Key> matching(JWSHeader header) throws KeySourceException;

    /// A number that changes when a key is taken away: what was verified with it is not good any
    /// more. Sees to it that keys stay fresh.
    int generation();

    /// Keys that do not change.
    record FixedKeys(KeySet keys) implements IssuerKeys {

        @Override
        public List<Key> matching(JWSHeader header) {
            return keys.matching(header);
        }

        @Override
        public int generation() {
            return 0;
        }
    }
}
