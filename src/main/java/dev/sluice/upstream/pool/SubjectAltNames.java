package dev.sluice.upstream.pool;

import dev.sluice.ir.HostPattern;
import dev.sluice.ir.UpstreamTls.SubjectAltName;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.X509TrustManager;

/// Trusts what other authorities trust if the certificate has one of the given names
/// (BackendTLSPolicy `subjectAltNames`): the hostname that was asked for is not looked at.
final class SubjectAltNames implements X509TrustManager {

    // RFC 5280 4.2.1.6, GeneralName
    private static final int DNS = 2;
    private static final int URI = 6;

    private final X509TrustManager authorities;
    private final List<SubjectAltName> names;

    SubjectAltNames(X509TrustManager authorities, List<SubjectAltName> names) {
        this.authorities = authorities;
        this.names = names;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        authorities.checkServerTrusted(chain, type);
        Collection<List<?>> present = chain[0].getSubjectAlternativeNames();
        if (present == null || present.stream().noneMatch(this::isNamed)) {
            throw new CertificateException("the certificate has none of the names " + names);
        }
    }

    private boolean isNamed(List<?> present) {
        int type = (Integer) present.get(0);
        return present.get(1) instanceof String text
                && names.stream().anyMatch(name -> matches(name, type, text));
    }

    private static boolean matches(SubjectAltName name, int type, String text) {
        return switch (name) {
            case SubjectAltName.Dns(String wanted) -> type == DNS && isDnsMatch(wanted, text);
            case SubjectAltName.Uri(String wanted) -> type == URI && wanted.equals(text);
        };
    }

    /// A star in the certificate stands for one label (RFC 9525 6.3); a star in the policy is met
    /// by the same star only, or by a name below it.
    private static boolean isDnsMatch(String wanted, String present) {
        String lower = present.toLowerCase(Locale.ROOT);
        HostPattern pattern = new HostPattern(wanted);
        if (pattern.value().equals(lower)) {
            return true;
        }
        if (pattern.isWildcard()) {
            return !lower.startsWith("*.") && pattern.matches(lower);
        }
        int dot = pattern.value().indexOf('.');
        return lower.startsWith("*.")
                && dot > 0
                && pattern.value().substring(dot + 1).equals(lower.substring(2));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        throw new CertificateException("no client is expected here");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return authorities.getAcceptedIssuers();
    }
}
