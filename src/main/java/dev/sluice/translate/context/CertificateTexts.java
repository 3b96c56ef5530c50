package dev.sluice.translate.context;

import dev.sluice.resource.ConfigMap;
import dev.sluice.resource.Resource;
import dev.sluice.resource.Secret;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/// The PEM texts of a Secret or ConfigMap.
///
/// @param chain of `tls.crt`, null when it is no certificate
/// @param key of `tls.key`, null when it is no private key
/// @param authority of `ca.crt`, null when it is no certificate
public record CertificateTexts(
        @Nullable String chain, @Nullable String key, @Nullable String authority) {

    /// What is known of the objects that are there, since to parse ten thousand certificates takes
    /// a second. Used by one thread.
    public static final class Cache {
        private final Map<Resource, CertificateTexts> known = new WeakHashMap<>();

        CertificateTexts of(Resource holder) {
            return known.computeIfAbsent(holder, CertificateTexts::read);
        }
    }

    private static CertificateTexts read(Resource holder) {
        String key = value(holder, "tls.key");
        return new CertificateTexts(
                certificate(value(holder, "tls.crt")),
                key != null && key.contains("PRIVATE KEY-----") ? key : null,
                certificate(value(holder, "ca.crt")));
    }

    private static @Nullable String value(Resource holder, String key) {
        return switch (holder) {
            case Secret secret -> {
                try {
                    yield secret.text(key);
                } catch (IllegalArgumentException e) {
                    yield null; // no base64
                }
            }
            case ConfigMap map -> map.data().get(key);
            default -> null;
        };
    }

    private static @Nullable String certificate(@Nullable String pem) {
        if (pem == null) {
            return null;
        }
        try {
            boolean any =
                    !CertificateFactory.getInstance("X.509")
                            .generateCertificates(
                                    new ByteArrayInputStream(
                                            pem.getBytes(StandardCharsets.US_ASCII)))
                            .isEmpty();
            return any ? pem : null;
        } catch (CertificateException e) {
            return null;
        }
    }
}
