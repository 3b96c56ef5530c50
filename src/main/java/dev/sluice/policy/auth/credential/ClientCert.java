package dev.sluice.policy.auth.credential;

import dev.sluice.ir.PolicySection;

/// Section `clientCert`: the certificate of the client's connection, which the listener has
/// verified.
///
/// @param forward whether the backend receives it in `X-Forwarded-Client-Cert`
/// @param optional whether requests over connections without one pass
public record ClientCert(boolean forward, boolean optional) implements PolicySection {

    @Override
    public String text() {
        return optional ? "optional" : "";
    }
}
