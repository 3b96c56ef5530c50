package dev.sluice.gateway;

import dev.sluice.ir.Tls;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;

/// Self-signed certificates for tests.
final class TestCertificates {

    private TestCertificates() {}

    /// A certificate that is valid from yesterday to tomorrow. The key is in the form that is common
    /// for its algorithm: PKCS#1 or SEC1.
    static Tls.Certificate make(String commonName, String algorithm) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(algorithm.equals("RSA") ? 2048 : 256);
            KeyPair keys = generator.generateKeyPair();
            X500Principal name = new X500Principal("CN=" + commonName);
            Instant now = Instant.now();
            X509CertificateHolder certificate =
                    new JcaX509v3CertificateBuilder(
                                    name,
                                    BigInteger.ONE,
                                    Date.from(now.minus(1, ChronoUnit.DAYS)),
                                    Date.from(now.plus(1, ChronoUnit.DAYS)),
                                    name,
                                    keys.getPublic())
                            .build(
                                    new JcaContentSignerBuilder(
                                                    algorithm.equals("RSA")
                                                            ? "SHA256withRSA"
                                                            : "SHA256withECDSA")
                                            .build(keys.getPrivate()));
            return new Tls.Certificate(commonName, pem(certificate), key(keys));
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String key(KeyPair keys) throws IOException {
        if (!(keys.getPrivate() instanceof ECPrivateKey key)) {
            return pem(keys.getPrivate());
        }
        ASN1Encodable curve = SECObjectIdentifiers.secp256r1;
        var sec1 = new org.bouncycastle.asn1.sec.ECPrivateKey(256, key.getS(), null, curve);
        return pem(new PemObject("EC PRIVATE KEY", sec1.getEncoded()));
    }

    private static String pem(Object object) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        }
        return text.toString();
    }
}
