package dev.sluice.translate.gateway;

import dev.sluice.ir.ClientValidation;
import dev.sluice.ir.Tls;
import dev.sluice.resource.Gateway;
import dev.sluice.resource.Kinds;
import dev.sluice.resource.ListenerOwner;
import dev.sluice.resource.ObjectRef;
import dev.sluice.translate.context.CertificateRefs;
import dev.sluice.translate.status.Rejection;
import dev.sluice.translate.status.Result;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Judges a listener by itself, without a look at the others.
final class ListenerTranslator {

    /// Where it stands how clients' certificates are checked.
    static final String FRONTEND = "spec.tls.frontend.";

    private final CertificateRefs refs;

    ListenerTranslator(CertificateRefs refs) {
        this.refs = refs;
    }

    /// @param index of the listener in its owner
    ListenerState translate(
            Gateway gateway, ListenerOwner owner, Gateway.Listener listener, int index) {
        ListenerProtocol protocol = ListenerProtocol.find(listener.protocol());
        List<Gateway.RouteKind> possible = protocol == null ? List.of() : protocol.kinds();
        List<Gateway.RouteKind> wanted = listener.allowedRoutes().kinds();
        ListenerState state =
                new ListenerState(
                        gateway,
                        owner,
                        listener,
                        protocol,
                        wanted.isEmpty()
                                ? possible
                                : wanted.stream().filter(possible::contains).toList());
        if (protocol == null) {
            state.unaccepted(
                    new Rejection(
                            "UnsupportedProtocol",
                            "protocol: \""
                                    + listener.protocol()
                                    + "\" is not one of "
                                    + ListenerProtocol.names()));
        } else if (protocol == ListenerProtocol.HTTPS
                || protocol == ListenerProtocol.TLS && !state.isPassthrough()) {
            tls(state);
        }
        for (Gateway.RouteKind kind : wanted) {
            if (!possible.contains(kind)) {
                String message =
                        "allowedRoutes.kinds: "
                                + kind.group()
                                + "/"
                                + kind.kind()
                                + " cannot attach to "
                                + listener.protocol();
                // The other kinds are served.
                state.unresolved(new Rejection("InvalidRouteKinds", message), false);
            }
        }
        Rejection unsupported = unsupported(owner, index);
        if (unsupported != null) {
            state.close(unsupported);
        }
        return state;
    }

    /// Why a listener must not serve without a field that is not supported; null where there is
    /// none.
    private static @Nullable Rejection unsupported(ListenerOwner owner, int index) {
        Rejection own = Rejection.unsupported(owner.metadata(), "spec.listeners[" + index + "]");
        return own != null || owner instanceof Gateway
                ? own
                : Rejection.unsupportedBeside(owner.metadata(), "spec.listeners[");
    }

    private void tls(ListenerState state) {
        Gateway.ListenerTls tls = state.spec().tls();
        if (tls == null || tls.certificateRefs().isEmpty()) {
            state.unresolved(
                    new Rejection("InvalidCertificateRef", "tls.certificateRefs: none is given"),
                    true);
            return;
        }
        if (!tls.mode().equals("Terminate")) {
            state.unaccepted(
                    new Rejection(
                            "UnsupportedProtocol",
                            "tls.mode: HTTPS needs Terminate, not " + tls.mode()));
            return;
        }
        ObjectRef owner = Kinds.ref(state.owner());
        List<Tls.Certificate> certificates = new ArrayList<>();
        for (int i = 0; i < tls.certificateRefs().size(); i++) {
            Result<Tls.Certificate> result =
                    refs.certificate(
                            owner,
                            tls.certificateRefs().get(i),
                            "tls.certificateRefs[" + i + "]",
                            "InvalidCertificateRef");
            if (result.value() != null) {
                certificates.add(result.value());
            }
            if (result.rejection() != null) {
                state.unresolved(result.rejection(), false);
            }
        }
        ClientValidation clients = clients(state);
        Rejection unsupported = unsupported(state.gateway(), state.spec().port());
        if (unsupported != null) {
            state.close(unsupported);
        }
        if (certificates.isEmpty()) {
            state.unusable();
        } else {
            state.tls(new Tls(certificates, clients));
        }
    }

    /// How clients' certificates are checked on the listener's port (GEP-91).
    private @Nullable ClientValidation clients(ListenerState state) {
        Gateway.Validation validation = validation(state.gateway(), state.spec().port());
        if (validation == null) {
            return null;
        }
        ObjectRef owner = Kinds.ref(state.gateway());
        List<String> authorities = new ArrayList<>();
        for (int i = 0; i < validation.caCertificateRefs().size(); i++) {
            Result<String> result =
                    refs.authority(
                            owner,
                            validation.caCertificateRefs().get(i),
                            "tls.frontend: caCertificateRefs[" + i + "]",
                            "InvalidCACertificateRef",
                            "InvalidCACertificateKind");
            if (result.value() != null) {
                authorities.add(result.value());
            }
            if (result.rejection() != null) {
                state.unresolved(result.rejection(), false);
            }
        }
        if (authorities.isEmpty()) {
            state.unaccepted(
                    new Rejection(
                            "NoValidCACertificate",
                            "tls.frontend: no usable certificate authority for port "
                                    + state.spec().port()));
            return null;
        }
        return new ClientValidation(authorities, validation.mode().equals("AllowInsecureFallback"));
    }

    private static Gateway.@Nullable Validation validation(Gateway gateway, int port) {
        Gateway.GatewayTls tls = gateway.spec().tls();
        Gateway.FrontendTls frontend = tls == null ? null : tls.frontend();
        if (frontend == null) {
            return null;
        }
        int entry = entry(frontend, port);
        if (entry >= 0) {
            return frontend.perPort().get(entry).tls().validation();
        }
        return frontend.byDefault() == null ? null : frontend.byDefault().validation();
    }

    /// Which entry is for a port, -1 where the default is.
    private static int entry(Gateway.FrontendTls frontend, int port) {
        for (int i = 0; i < frontend.perPort().size(); i++) {
            if (frontend.perPort().get(i).port() == port) {
                return i;
            }
        }
        return -1;
    }

    /// Why clients of a port cannot be checked as it is written.
    private static @Nullable Rejection unsupported(Gateway gateway, int port) {
        Gateway.GatewayTls tls = gateway.spec().tls();
        Gateway.FrontendTls frontend = tls == null ? null : tls.frontend();
        int entry = frontend == null ? -1 : entry(frontend, port);
        String entries = FRONTEND + "perPort[";
        String own = entry < 0 ? FRONTEND + "default" : entries + entry + "]";
        return Rejection.unsupported(
                gateway.metadata(),
                field ->
                        field.startsWith(own)
                                || field.startsWith(FRONTEND)
                                        && !field.startsWith(FRONTEND + "default")
                                        && !field.startsWith(entries));
    }
}
