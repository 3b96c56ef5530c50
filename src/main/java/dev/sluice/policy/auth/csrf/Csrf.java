package dev.sluice.policy.auth.csrf;

import dev.sluice.ir.PolicySection;
import java.util.List;

/// Section `csrf`: requests that another site made a browser send are refused.
///
/// @param additionalOrigins that may send them as well, such as `https://app.example.com`; a host
///   may begin with `*.` for all below it
public record Csrf(List<String> additionalOrigins) implements PolicySection {

    public Csrf {
        additionalOrigins = List.copyOf(additionalOrigins);
    }

    @Override
    public String text() {
        return additionalOrigins.isEmpty()
                ? "own origin"
                : "own origin or " + String.join(" or ", additionalOrigins);
    }
}
