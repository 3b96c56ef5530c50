package dev.sluice.translate.context;

import dev.sluice.finding.FindingCode;
import dev.sluice.ir.Tls;
import dev.sluice.resource.ConfigMap;
import dev.sluice.resource.Gateway.SecretRef;
import dev.sluice.resource.ObjectRef;
import dev.sluice.resource.ReferenceGrants;
import dev.sluice.resource.Resource;
import dev.sluice.resource.Resources;
import dev.sluice.resource.Secret;
import dev.sluice.translate.status.Result;

/// References to certificates and authorities.
public final class CertificateRefs {

    private final Resources resources;
    private final ReferenceGrants referenceGrants;
    private final CertificateTexts.Cache texts;

    /// @param texts of the translations before
    public CertificateRefs(
            Resources resources, ReferenceGrants referenceGrants, CertificateTexts.Cache texts) {
        this.texts = texts;
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
            return Result.no(
                    invalid,
                    field + ": Secret \"" + name + "\" not found",
                    FindingCode.CERTIFICATE_NOT_FOUND);
        }
        CertificateTexts found = texts.of(secret);
        String chain = found.chain();
        String key = found.key();
        if (chain == null) {
            return Result.no(
                    invalid, field + ": Secret \"" + name + "\": tls.crt is no PEM certificate");
        }
        if (key == null) {
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
        Resource holder =
                ref.kind().equals("Secret")
                        ? resources.find(Secret.class, namespace, ref.name())
                        : resources.find(ConfigMap.class, namespace, ref.name());
        if (holder == null) {
            return Result.no(
                    invalid, field + ": " + name + " not found", FindingCode.CERTIFICATE_NOT_FOUND);
        }
        String pem = texts.of(holder).authority();
        return pem != null
                ? Result.of(pem)
                : Result.no(invalid, field + ": " + name + ": ca.crt is no PEM certificate");
    }

    private static String kind(String group, String kind) {
        return group.isEmpty() ? kind : group + "/" + kind;
    }
}
