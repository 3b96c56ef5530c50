package dev.sluice.policy.auth.oidc;

import dev.sluice.engine.Exchange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A sealed value in cookies. The seal is bound to the host and to the policy: a cookie that was
/// carried elsewhere is none.
final class SealedCookies {

    private final Seal seal;
    private final HostCookies cookies;
    private final String purpose;

    /// @param purpose what the value is for, and for which policy
    SealedCookies(Seal seal, String name, String purpose) {
        this.seal = seal;
        this.cookies = new HostCookies(name);
        this.purpose = purpose;
    }

    HostCookies cookies() {
        return cookies;
    }

    private String purpose(Exchange exchange) {
        return purpose + "\n" + exchange.clientScheme() + "\n" + exchange.host();
    }

    /// The sealed value, null when the request has none.
    @Nullable String sealed(Exchange exchange) {
        return cookies.value(exchange);
    }

    /// @return null when it is not ours, not for this host, or not for this policy
    @Nullable String open(String sealed, Exchange exchange) {
        return seal.open(sealed, purpose(exchange));
    }

    /// Values of `Set-Cookie` that keep a value.
    ///
    /// @param seconds after which the browser forgets it
    /// @return null when it is too long for cookies
    @Nullable List<String> set(String text, long seconds, Exchange exchange) {
        return cookies.set(seal.close(text, purpose(exchange)), seconds, exchange);
    }

    /// Values of `Set-Cookie` that remove what the request has of it.
    List<String> clear(Exchange exchange) {
        return cookies.clear(exchange);
    }
}
