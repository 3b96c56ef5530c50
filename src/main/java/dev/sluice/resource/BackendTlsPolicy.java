package dev.sluice.resource;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// `gateway.networking.k8s.io/v1` BackendTLSPolicy (GEP-1897).
public record BackendTlsPolicy(Metadata metadata, Spec spec) implements Resource {

    public record Spec(List<TargetRef> targetRefs, Validation validation) {
        public Spec {
            targetRefs = Defaults.list(targetRefs);
        }
    }

    /// @param sectionName name of a Service port, null for all
    public record TargetRef(String group, String kind, String name, @Nullable String sectionName) {
        public TargetRef {
            group = Defaults.text(group, "");
        }
    }

    /// @param wellKnownCACertificates `System` or null
    /// @param hostname sent as SNI
    public record Validation(
            List<LocalRef> caCertificateRefs,
            @Nullable String wellKnownCACertificates,
            String hostname,
            List<SubjectAltName> subjectAltNames) {
        public Validation {
            caCertificateRefs = Defaults.list(caCertificateRefs);
            subjectAltNames = Defaults.list(subjectAltNames);
        }
    }

    public record LocalRef(String group, String kind, String name) {
        public LocalRef {
            group = Defaults.text(group, "");
        }
    }

    /// @param type `Hostname` or `URI`
    public record SubjectAltName(String type, @Nullable String hostname, @Nullable String uri) {}
}
