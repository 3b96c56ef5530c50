package dev.sluice.policy.auth.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import java.security.Key;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Public keys that signatures are verified with. Secret keys are left out, so that a public key is
/// never taken for the secret of an HMAC.
public final class KeySet {

    private final Map<JWK, Key> keys;

    private KeySet(Map<JWK, Key> keys) {
        this.keys = keys;
    }

    /// @param jwks JSON of a set
    /// @throws ParseException when it is not one, or has no key that can verify signatures
    public static KeySet parse(String jwks) throws ParseException {
        Map<JWK, Key> keys = new LinkedHashMap<>();
        for (JWK jwk : JWKSet.parse(jwks).getKeys()) {
            try {
                switch (jwk) {
                    case OctetKeyPair pair when EdDsa.isFor(pair) ->
                            keys.put(pair.toPublicJWK(), EdDsa.key(pair));
                    case OctetKeyPair _ -> {}
                    case AsymmetricJWK pair -> keys.put(jwk.toPublicJWK(), pair.toPublicKey());
                    default -> {}
                }
            } catch (JOSEException e) {
                throw new ParseException(String.valueOf(e.getMessage()), 0);
            }
        }
        if (keys.isEmpty()) {
            throw new ParseException("it holds no public key", 0);
        }
        return new KeySet(keys);
    }

    /// The keys that a token with this header may be signed with: those of its `kid`, of the type
    /// that its algorithm needs. Nothing else of the header is followed, neither `jku` nor `x5u`
    /// nor `jwk`.
    List<Key> matching(JWSHeader header) {
        JWKMatcher matcher = JWKMatcher.forJWSHeader(header);
        List<Key> found = new ArrayList<>(1);
        if (matcher != null) {
            keys.forEach((jwk, key) -> {
                if (matcher.matches(jwk)) {
                    found.add(key);
                }
            });
        }
        return found;
    }

    /// Whether another set has all the keys of this one.
    boolean isWithin(KeySet other) {
        return other.keys.keySet().containsAll(keys.keySet());
    }
}
