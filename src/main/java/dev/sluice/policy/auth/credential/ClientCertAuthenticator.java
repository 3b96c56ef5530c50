package dev.sluice.policy.auth.credential;

import dev.sluice.digest.Sha256;
import dev.sluice.engine.Exchange;
import dev.sluice.engine.Identity;
import dev.sluice.policy.auth.authentication.AuthenticationResult;
import dev.sluice.policy.auth.authentication.Authenticator;
import dev.sluice.policy.auth.authentication.Claims;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Takes the client certificate that the listener has verified for who sent a request.
public final class ClientCertAuthenticator implements Authenticator {

    private static final String FIELD = "x-forwarded-client-cert";

    /// Types of `GeneralName` (RFC 5280 4.2.1.6).
    private static final int DNS = 2;

    private static final int URI = 6;

    private final ClientCert section;

    public ClientCertAuthenticator(ClientCert section) {
        this.section = section;
    }

    @Override
    public String scheme() {
        return "";
    }

    @Override
    public Set<String> fields() {
        return Set.of(FIELD);
    }

    @Override
    public AuthenticationResult resume(Exchange exchange) {
        X509Certificate certificate = exchange.client().connection().clientCertificate();
        if (certificate == null) {
            return AuthenticationResult.Absent.ABSENT;
        }
        try {
            List<String> uris = names(certificate, URI);
            List<String> hosts = names(certificate, DNS);
            String subject = certificate.getSubjectX500Principal().getName();
            String name = uris.isEmpty() ? hosts.isEmpty() ? subject : hosts.get(0) : uris.get(0);
            Identity identity =
                    new Identity(
                            name.isEmpty() ? "unnamed" : name,
                            "clientCert",
                            Map.of("subject", subject, "uris", uris, "hosts", hosts),
                            Set.of());
            return new AuthenticationResult.Accepted(
                    identity,
                    section.forward()
                            ? List.of(
                                    new AuthenticationResult.HeaderField(
                                            FIELD, xfcc(certificate, subject, uris, hosts)))
                            : List.of(),
                    null);
        } catch (GeneralSecurityException e) {
            return new AuthenticationResult.Refused(
                    401, null, "the client certificate cannot be read");
        }
    }

    private static List<String> names(X509Certificate certificate, int type)
            throws CertificateParsingException {
        List<String> names = new ArrayList<>();
        @Nullable Collection<List<?>> all = certificate.getSubjectAlternativeNames();
        for (List<?> name : all == null ? List.<List<?>>of() : all) {
            if (Integer.valueOf(type).equals(name.get(0)) && name.get(1) instanceof String text) {
                names.add(text);
            }
        }
        return names;
    }

    /// As Envoy writes it.
    private static String xfcc(
            X509Certificate certificate, String subject, List<String> uris, List<String> hosts)
            throws GeneralSecurityException {
        String hash = Sha256.hex(certificate.getEncoded(), Sha256.BYTES);
        StringBuilder field = new StringBuilder("Hash=").append(hash);
        field.append(";Subject=").append(quoted(subject));
        uris.forEach(uri -> field.append(";URI=").append(quoted(uri)));
        hosts.forEach(host -> field.append(";DNS=").append(quoted(host)));
        return field.toString();
    }

    private static String quoted(String text) {
        String plain = String.valueOf(Claims.field(text));
        return "\"" + plain.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
