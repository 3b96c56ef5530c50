package dev.sluice.listener;

import dev.sluice.net.ConnectionFailure;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.security.GeneralSecurityException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Why a handshake of TLS failed. Engines distinguish alerts of the peer and missing certificates
/// by their messages only: those of BoringSSL and of the JDK are known here.
final class HandshakeErrors {

    private HandshakeErrors() {}

    static ConnectionFailure reason(Throwable error) {
        return switch (error) {
            case SslHandshakeTimeoutException _ -> ConnectionFailure.TLS_TIMEOUT;
            case NotSslRecordException _ -> ConnectionFailure.TLS_MALFORMED;
            case ClosedChannelException _ -> ConnectionFailure.TLS_CLIENT_ENDED;
            default -> told(error);
        };
    }

    private static ConnectionFailure told(Throwable error) {
        String message = String.valueOf(error.getMessage()).toLowerCase(Locale.ROOT);
        if (isOfCertificates(error)
                || message.contains("certificate_verify_failed")
                || message.contains("peer_did_not_return_a_certificate")
                || message.contains("empty client certificate chain")) {
            return ConnectionFailure.TLS_CLIENT_CERTIFICATE;
        }
        return message.contains("_alert_") || message.contains("received fatal alert")
                ? ConnectionFailure.TLS_CLIENT_ENDED
                : ConnectionFailure.TLS_FAILED;
    }

    private static boolean isOfCertificates(@Nullable Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof GeneralSecurityException) {
                return true;
            }
        }
        return false;
    }
}
