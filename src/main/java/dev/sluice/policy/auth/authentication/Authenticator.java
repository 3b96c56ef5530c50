package dev.sluice.policy.auth.authentication;

import dev.sluice.engine.Exchange;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Judges one kind of credentials. Shared by all requests under a policy.
public interface Authenticator {

    /// Looks at a request, on its event loop, and does not wait.
    AuthenticationResult resume(Exchange exchange);

    /// What becomes of a request that has no credentials of any kind; null for a refusal.
    default @Nullable AuthenticationResult unidentified(Exchange exchange) {
        return null;
    }

    /// The challenge of `WWW-Authenticate`, such as `Bearer`; empty when there is none for it.
    String scheme();

    /// Names of the header fields that say to backends who sent a request: clients must not.
    Set<String> fields();
}
