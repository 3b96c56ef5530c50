package dev.sluice.translate.context;

import dev.sluice.ir.Tls;
import dev.sluice.resource.ConfigMap;
import dev.sluice.resource.Gateway.SecretRef;
import dev.sluice.resource.ObjectRef;
import dev.sluice.resource.Resources;
import dev.sluice.resource.Secret;
import dev.sluice.translate.status.Result;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import org.jspecify.annotations.Nullable;

/// References to certificates and authorities.
public final class CertificateRefs {

    private final Resources resources;
    private final ReferenceGrants referenceGrants;

    public CertificateRefs(Resources resources, ReferenceGrants referenceGrants) {
        this.resources = resources;
        this.referenceGrants = referenceGrants;
    }

    /// A certificate with its key from a Secret.
    ///
    /// @param owner the object that refers to it
    /// @param invalid reason when it is not there or not usable
    public Result<Tls.Certificate> certificate(
            ObjectRef owner, SecretRef ref, String field, String invalid) {
        if (!ref.group().isEmpty() || !ref.kind().equals("Secret")) {
            return Result.no(
                    invalid, field + ": " + kind(ref.group(), ref.kind()) + " is not a Secret");
        }
        String namespace = ref.namespace() == null ? owner.namespace() : ref.namespace();
        String name = namespace + "/" + ref.name();
        if (!referenceGrants.permits(owner, new ObjectRef("", "Secret", namespace, ref.name()))) {
            return Result.no(
                    "RefNotPermitted",
                    field + ": no ReferenceGrant permits Secret \"" + name + "\"");
        }
        Secret secret = resources.find(Secret.class, namespace, ref.name());
        if (secret == null) {
            return Result.no(invalid, field + ": Secret \"" + name + "\" not found");
        }
        String chain = value(secret, "tls.crt");
        String key = value(secret, "tls.key");
        if (chain == null || !isCertificate(chain)) {
            return Result.no(
                    invalid, field + ": Secret \"" + name + "\": tls.crt is no PEM certificate");
        }
        if (key == null || !key.contains("PRIVATE KEY-----")) {
            return Result.no(
                    invalid, field + ": Secret \"" + name + "\": tls.key is no PEM private key");
        }
        return Result.of(new Tls.Certificate("Secret " + name, chain, key));
    }

    /// An authority's certificates from the key `ca.crt` of a ConfigMap or Secret.
    ///
    /// @param owner the object that refers to it
    /// @param invalid reason when it is not there or not usable
    /// @param badKind reason when the kind is another
    public Result<String> authority(
            ObjectRef owner, SecretRef ref, String field, String invalid, String badKind) {
        boolean known = ref.kind().equals("ConfigMap") || ref.kind().equals("Secret");
        if (!ref.group().isEmpty() || !known) {
            return Result.no(
                    badKind,
                    field
                            + ": "
                            + kind(ref.group(), ref.kind())
                            + " is neither a ConfigMap nor a Secret");
        }
        String namespace = ref.namespace() == null ? owner.namespace() : ref.namespace();
        String name = ref.kind() + " \"" + namespace + "/" + ref.name() + "\"";
        if (!referenceGrants.permits(owner, new ObjectRef("", ref.kind(), namespace, ref.name()))) {
            return Result.no("RefNotPermitted", field + ": no ReferenceGrant permits " + name);
        }
        String pem;
        if (ref.kind().equals("Secret")) {
            Secret secret = resources.find(Secret.class, namespace, ref.name());
            if (secret == null) {
                return Result.no(invalid, field + ": " + name + " not found");
            }
            pem = value(secret, "ca.crt");
        } else {
            ConfigMap map = resources.find(ConfigMap.class, namespace, ref.name());
            if (map == null) {
                return Result.no(invalid, field + ": " + name + " not found");
            }
            pem = map.data().get("ca.crt");
        }
        return pem != null && isCertificate(pem)
                ? Result.of(pem)
                : Result.no(invalid, field + ": " + name + ": ca.crt is no PEM certificate");
    }

    private static String kind(String group, String kind) {
        return group.isEmpty() ? kind : group + "/" + kind;
    }

    private static @Nullable String value(Secret secret, String key) {
        try {
            return secret.text(key);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static boolean isCertificate(String pem) {
        try {
            return !CertificateFactory.getInstance("X.509")
                    .generateCertificates(
                            new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))
                    .isEmpty();
        } catch (CertificateException e) {
            return false;
        }
    }
}
