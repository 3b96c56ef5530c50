package dev.sluice.policy.auth.jwt;

import dev.sluice.ir.PolicySection;
import java.util.List;
import java.util.stream.Collectors;

/// Section `jwt`: signed tokens (RFC 7519).
///
/// @param providers at least one; a token has to be good for one of them
/// @param optional whether requests without a token pass
public record Jwt(List<JwtProvider> providers, boolean optional) implements PolicySection {

    public Jwt {
        providers = List.copyOf(providers);
    }

    @Override
    public String text() {
        return providers.stream()
                        .map(one ->
                                one.name()
                                        + " of "
                                        + (one.issuer() == null ? "any issuer" : one.issuer())
                                        + (one.audiences().isEmpty()
                                                ? ""
                                                : " for " + String.join(" or ", one.audiences())))
                        .collect(Collectors.joining(", "))
                + (optional ? ", optional" : "");
    }
}
