package dev.sluice.policy.auth.credential;

import dev.sluice.ir.PolicySection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Section `basic`: names and passwords (RFC 7617).
///
/// @param users hashes of passwords by name, as in a file of htpasswd
/// @param userHeader passes the backend the name, in lower case; null not to
/// @param forward whether the backend gets the password
/// @param optional whether requests without a password pass
public record Basic(
        Map<String, String> users, @Nullable String userHeader, boolean forward, boolean optional)
        implements PolicySection {

    public Basic {
        users = Map.copyOf(users);
    }

    @Override
    public String text() {
        return users.size() + " users" + (optional ? ", optional" : "");
    }

    /// Without hashes.
    @Override
    public String toString() {
        return "Basic[" + text() + "]";
    }
}
