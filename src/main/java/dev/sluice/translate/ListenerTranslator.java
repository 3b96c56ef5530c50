package dev.sluice.translate;

import dev.sluice.ir.Tls;
import dev.sluice.resource.Gateway;
import dev.sluice.resource.Resources;
import dev.sluice.resource.Secret;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Judges the listeners of Gateways.
final class ListenerTranslator {

    private static final Gateway.RouteKind HTTP_ROUTE =
            new Gateway.RouteKind(Gateway.GROUP, "HTTPRoute");

    private final Resources resources;
    private final Grants grants;

    /// Which Gateway holds a local address and port.
    private final Map<String, Gateway> sockets = new HashMap<>();

    ListenerTranslator(Resources resources, Grants grants) {
        this.resources = resources;
        this.grants = grants;
    }

    /// The listeners of a Gateway. Gateways come oldest first: the first keeps a contended port.
    List<ListenerState> translate(Gateway gateway) {
        List<ListenerState> states = new ArrayList<>();
        for (Gateway.Listener listener : gateway.spec().listeners()) {
            ListenerState state = new ListenerState(gateway, listener, kinds(listener));
            judge(state);
            states.add(state);
        }
        conflicts(states);
        return states;
    }

    private static List<Gateway.RouteKind> kinds(Gateway.Listener listener) {
        boolean http = listener.protocol().equals("HTTP") || listener.protocol().equals("HTTPS");
        List<Gateway.RouteKind> wanted = listener.allowedRoutes().kinds();
        if (!http) {
            return List.of();
        }
        return wanted.isEmpty()
                ? List.of(HTTP_ROUTE)
                : wanted.stream().filter(HTTP_ROUTE::equals).toList();
    }

    private void judge(ListenerState state) {
        Gateway.Listener listener = state.spec;
        switch (listener.protocol()) {
            case "HTTP" -> {}
            case "HTTPS" -> certificates(state);
            default ->
                    state.unaccepted(
                            new Rejection(
                                    "UnsupportedProtocol",
                                    "protocol: \""
                                            + listener.protocol()
                                            + "\" is not one of HTTP, HTTPS"));
        }
        for (Gateway.RouteKind kind : listener.allowedRoutes().kinds()) {
            if (!kind.equals(HTTP_ROUTE)) {
                state.unresolved(
                        new Rejection(
                                "InvalidRouteKinds",
                                "allowedRoutes.kinds: "
                                        + kind.kind()
                                        + " cannot attach to "
                                        + listener.protocol()));
            }
        }
        String socket = socket(state.gateway, listener.port());
        Gateway holder = sockets.putIfAbsent(socket, state.gateway);
        if (holder != null && !holder.equals(state.gateway)) {
            state.unaccepted(
                    new Rejection(
                            "PortUnavailable",
                            "port: "
                                    + listener.port()
                                    + " is taken by the older Gateway "
                                    + holder.namespace()
                                    + "/"
                                    + holder.name()));
        }
    }

    private static String socket(Gateway gateway, int port) {
        return Ports.address(gateway) + ":" + port;
    }

    private void certificates(ListenerState state) {
        Gateway.ListenerTls tls = state.spec.tls();
        if (tls == null || tls.certificateRefs().isEmpty()) {
            state.unresolved(
                    new Rejection("InvalidCertificateRef", "tls.certificateRefs: none is given"));
            return;
        }
        if (!tls.mode().equals("Terminate")) {
            state.unaccepted(
                    new Rejection("UnsupportedProtocol", "tls.mode: HTTPS needs Terminate"));
            return;
        }
        List<Tls.Certificate> certificates = new ArrayList<>();
        for (int i = 0; i < tls.certificateRefs().size(); i++) {
            String field = "tls.certificateRefs[" + i + "]: ";
            certificate(state, field, tls.certificateRefs().get(i), certificates);
        }
        if (!certificates.isEmpty()) {
            state.tls(new Tls(certificates, null));
        }
    }

    private void certificate(
            ListenerState state, String field, Gateway.SecretRef ref, List<Tls.Certificate> into) {
        if (!ref.group().isEmpty() || !ref.kind().equals("Secret")) {
            state.unresolved(
                    new Rejection(
                            "InvalidCertificateRef",
                            field + ref.group() + "/" + ref.kind() + " is not a Secret"));
            return;
        }
        String namespace = ref.namespace() == null ? state.gateway.namespace() : ref.namespace();
        String name = namespace + "/" + ref.name();
        Grants.End from =
                new Grants.End(
                        Gateway.GROUP, "Gateway", state.gateway.namespace(), state.gateway.name());
        if (!grants.permits(from, new Grants.End("", "Secret", namespace, ref.name()))) {
            state.unresolved(
                    new Rejection(
                            "RefNotPermitted",
                            field + "no ReferenceGrant permits Secret \"" + name + "\""));
            return;
        }
        Secret secret = resources.find(Secret.class, namespace, ref.name());
        if (secret == null) {
            state.unresolved(
                    new Rejection(
                            "InvalidCertificateRef", field + "Secret \"" + name + "\" not found"));
            return;
        }
        String chain = value(secret, "tls.crt");
        String key = value(secret, "tls.key");
        String problem = problem(chain, key);
        if (problem != null || chain == null || key == null) {
            state.unresolved(
                    new Rejection(
                            "InvalidCertificateRef",
                            field + "Secret \"" + name + "\": " + problem));
        } else {
            into.add(new Tls.Certificate("Secret " + name, chain, key));
        }
    }

    private static @Nullable String value(Secret secret, String key) {
        String plain = secret.stringData().get(key);
        if (plain != null) {
            return plain;
        }
        String coded = secret.data().get(key);
        try {
            return coded == null
                    ? null
                    : new String(Base64.getMimeDecoder().decode(coded), StandardCharsets.US_ASCII);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static @Nullable String problem(@Nullable String chain, @Nullable String key) {
        if (chain == null || key == null) {
            return (chain == null ? "tls.crt" : "tls.key") + " is missing or not base64";
        }
        if (!key.contains("PRIVATE KEY-----")) {
            return "tls.key is not a PEM private key";
        }
        try {
            var found =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(
                                    new ByteArrayInputStream(
                                            chain.getBytes(StandardCharsets.US_ASCII)));
            return found.isEmpty() ? "tls.crt has no certificate" : null;
        } catch (CertificateException e) {
            return "tls.crt is not a PEM certificate";
        }
    }

    /// Listeners of one Gateway must differ in port, or speak the same protocol and differ in
    /// hostname; of those that do not, none is served.
    private static void conflicts(List<ListenerState> states) {
        for (ListenerState one : states) {
            for (ListenerState other : states) {
                if (one == other || one.spec.port() != other.spec.port()) {
                    continue;
                }
                if (!one.spec.protocol().equals(other.spec.protocol())) {
                    one.conflicting(
                            new Rejection(
                                    "ProtocolConflict",
                                    "protocol: listener \""
                                            + other.spec.name()
                                            + "\" has port "
                                            + one.spec.port()
                                            + " with "
                                            + other.spec.protocol()));
                } else if (one.hostname.equals(other.hostname)) {
                    one.conflicting(
                            new Rejection(
                                    "HostnameConflict",
                                    "hostname: listener \""
                                            + other.spec.name()
                                            + "\" has the same port and hostname"));
                }
            }
        }
    }
}
