package dev.sluice.policy.auth.authentication;

import java.util.List;

/// Parts of `WWW-Authenticate` (RFC 6750 3).
public final class Challenge {

    public static final String BEARER = "Bearer";
    public static final String BASIC = "Basic";

    private Challenge() {}

    /// A challenge without parameters of its own.
    static String of(String scheme) {
        return scheme + " realm=\"sluice\"";
    }

    /// RFC 6750 3.1: a token with more scopes would do.
    public static String insufficientScope(List<String> scopes) {
        return of(BEARER)
                + ", error=\"insufficient_scope\", scope=\""
                + quoted(String.join(" ", scopes))
                + "\"";
    }

    /// The parameters of an error, to be appended to a challenge.
    static String error(String code, String reason) {
        return ", error=\"" + code + "\", error_description=\"" + quoted(reason) + "\"";
    }

    /// Only what may stand in `error_description`.
    private static String quoted(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c <= '~' && c != '"' && c != '\\') {
                out.append(c);
            }
        }
        return out.toString();
    }
}
