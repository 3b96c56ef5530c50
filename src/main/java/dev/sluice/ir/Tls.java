package dev.sluice.ir;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a listener terminates TLS.
///
/// @param certificates at least one; the first whose key type the client can use is presented
/// @param clients how certificates of clients are checked, null to ask for none
public record Tls(List<Certificate> certificates, @Nullable ClientValidation clients) {

    public Tls {
        certificates = List.copyOf(certificates);
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException("TLS needs a certificate");
        }
    }

    /// A certificate with its private key.
    ///
    /// @param name where it comes from, for messages: `Secret namespace/name`
    /// @param chain PEM, leaf first
    /// @param key PEM: PKCS#8, PKCS#1 or SEC1, not encrypted
    public record Certificate(String name, String chain, String key) {

        /// Without the key.
        @Override
        public String toString() {
            return "Certificate[" + name + "]";
        }
    }
}
