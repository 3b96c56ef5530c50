package dev.sluice.policy.auth.credential;

import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.LdapShaPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;

/// Hashes of passwords as htpasswd writes them: bcrypt, and SHA-1 as `{SHA}` and `{SSHA}`.
final class PasswordHashes {

    private static final PasswordEncoder BCRYPT = new BCryptPasswordEncoder();

    @SuppressWarnings("deprecation") // SHA-1 is weak; it is what many files have
    private static final PasswordEncoder SHA = new LdapShaPasswordEncoder();

    // Compared where there is no such name, so that this takes as long.
    private static final class Nobody {
        static final String HASH = String.valueOf(BCRYPT.encode("nobody"));
    }

    private PasswordHashes() {}

    /// Rounds of bcrypt, as a power of two: one comparison takes seconds.
    private static final int MOST_COST = 16;

    /// Whether a hash is of a known kind.
    static boolean isKnown(String hash) {
        return isBcrypt(hash) && Integer.parseInt(hash.substring(4, 6)) <= MOST_COST
                || hash.startsWith("{SHA}")
                || hash.startsWith("{SSHA}");
    }

    private static boolean isBcrypt(String hash) {
        return hash.matches("\\$2[aby]\\$\\d\\d\\$[./0-9A-Za-z]{53}");
    }

    /// Whether it takes long to compare a password with a hash.
    ///
    /// @param hash null where there is no such name
    static boolean isSlow(@Nullable String hash) {
        return hash == null || isBcrypt(hash);
    }

    /// @param hash null where there is no such name
    static boolean matches(String password, @Nullable String hash) {
        if (hash == null) {
            BCRYPT.matches(password, Nobody.HASH);
            return false;
        }
        return (isBcrypt(hash) ? BCRYPT : SHA).matches(password, hash);
    }
}
