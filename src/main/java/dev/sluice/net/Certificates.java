package dev.sluice.net;

import dev.sluice.ir.Tls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/// Certificates and keys from PEM text, as key managers and trust managers.
public final class Certificates {

    private static final char[] NO_PASSWORD = new char[0];

    private Certificates() {}

    /// @throws GeneralSecurityException when a certificate or key is malformed, with its name
    public static KeyManagerFactory keyManagers(List<Tls.Certificate> certificates)
            throws GeneralSecurityException {
        try {
            KeyStore store = store();
            for (Tls.Certificate certificate : certificates) {
                store.setKeyEntry(
                        certificate.name(),
                        privateKey(certificate),
                        NO_PASSWORD,
                        chain(certificate.chain()));
            }
            KeyManagerFactory factory =
                    KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, NO_PASSWORD);
            return factory;
        } catch (IOException e) {
            throw new GeneralSecurityException(e);
        }
    }

    /// In memory only, so of the type that doesn't encrypt keys with ten thousand rounds of a hash.
    private static KeyStore store() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("JKS");
        store.load(null, NO_PASSWORD);
        return store;
    }

    private static Certificate[] chain(String pem) throws GeneralSecurityException {
        Collection<? extends Certificate> chain =
                CertificateFactory.getInstance("X.509")
                        .generateCertificates(
                                new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
        return chain.toArray(Certificate[]::new);
    }

    /// Trusts these authorities, or those of the system when there are none.
    ///
    /// @param authorities PEM, each with one certificate or more
    /// @throws GeneralSecurityException when one is malformed
    public static X509TrustManager trust(List<String> authorities) throws GeneralSecurityException {
        try {
            KeyStore store = null;
            if (!authorities.isEmpty()) {
                store = store();
                for (String pem : authorities) {
                    for (Certificate certificate : chain(pem)) {
                        store.setCertificateEntry("ca" + store.size(), certificate);
                    }
                }
            }
            TrustManagerFactory factory =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509TrustManager found) {
                    return found;
                }
            }
            throw new GeneralSecurityException("this JDK has no X.509 trust manager");
        } catch (IOException e) {
            throw new GeneralSecurityException(e);
        }
    }

    private static PrivateKey privateKey(Tls.Certificate certificate)
            throws GeneralSecurityException, IOException {
        try (PEMParser parser = new PEMParser(new StringReader(certificate.key()))) {
            // An EC key may be preceded by its curve's parameters.
            for (Object object = parser.readObject();
                    object != null;
                    object = parser.readObject()) {
                if (object instanceof PEMKeyPair pair) {
                    return new JcaPEMKeyConverter().getPrivateKey(pair.getPrivateKeyInfo());
                }
                if (object instanceof PrivateKeyInfo info) {
                    return new JcaPEMKeyConverter().getPrivateKey(info);
                }
            }
        }
        throw new GeneralSecurityException(certificate.name() + " has no private key");
    }
}
