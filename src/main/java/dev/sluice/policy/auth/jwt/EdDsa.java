package dev.sluice.policy.auth.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.jca.JCAContext;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import java.util.Set;

/// Verifies EdDSA signatures (RFC 8037) by the JDK; Nimbus would need a library of its own for
/// them.
final class EdDsa implements JWSVerifier {

    /// `SubjectPublicKeyInfo` of RFC 8410 up to the key itself.
    private static final String ED25519 = "302a300506032b6570032100";

    private static final String ED448 = "3043300506032b6571033a00";

    private final PublicKey key;
    private final JCAContext context = new JCAContext();

    EdDsa(PublicKey key) {
        this.key = key;
    }

    static boolean isFor(OctetKeyPair pair) {
        return pair.getCurve().equals(Curve.Ed25519) || pair.getCurve().equals(Curve.Ed448);
    }

    static PublicKey key(OctetKeyPair pair) throws JOSEException {
        boolean small = pair.getCurve().equals(Curve.Ed25519);
        String encoded = (small ? ED25519 : ED448) + HexFormat.of().formatHex(pair.getDecodedX());
        try {
            return KeyFactory.getInstance("EdDSA")
                    .generatePublic(new X509EncodedKeySpec(HexFormat.of().parseHex(encoded)));
        } catch (GeneralSecurityException e) {
            throw new JOSEException("not a key of EdDSA: " + e.getMessage(), e);
        }
    }

    @Override
    public boolean verify(JWSHeader header, byte[] input, Base64URL signature)
            throws JOSEException {
        if (header.getCriticalParams() != null) {
            return false; // RFC 7515 4.1.11: none of them is understood here
        }
        try {
            Signature verifier = Signature.getInstance("EdDSA");
            verifier.initVerify(key);
            verifier.update(input);
            return verifier.verify(signature.decode());
        } catch (SignatureException e) {
            return false; // not a signature at all
        } catch (GeneralSecurityException e) {
            throw new JOSEException(e.getMessage(), e);
        }
    }

    @Override
    public Set<JWSAlgorithm> supportedJWSAlgorithms() {
        return Set.of(JWSAlgorithm.EdDSA, JWSAlgorithm.Ed25519);
    }

    @Override
    public JCAContext getJCAContext() {
        return context;
    }
}
