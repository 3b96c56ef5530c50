package dev.sluice.ir;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// How connections to a backend are encrypted (GEP-1897).
///
/// @param hostname sent as SNI; also what the backend's certificate must name, unless
///   `subjectAltNames` is given
/// @param subjectAltNames of which the certificate must have one; empty to check the hostname
/// @param authorities PEM certificates that are trusted; empty for those of the system
/// @param clientCertificate presented when the backend asks, null for none
public record UpstreamTls(
        String hostname,
        List<SubjectAltName> subjectAltNames,
        List<String> authorities,
        Tls.@Nullable Certificate clientCertificate) {

    public UpstreamTls {
        subjectAltNames = List.copyOf(subjectAltNames);
        authorities = List.copyOf(authorities);
    }

    /// A name in the certificate.
    public sealed interface SubjectAltName {

        /// A DNS name, which may be `*.example.com`.
        record Dns(String name) implements SubjectAltName {}

        /// A URI, such as a SPIFFE id, compared as text.
        record Uri(String uri) implements SubjectAltName {}
    }
}
