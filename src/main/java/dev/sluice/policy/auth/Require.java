package dev.sluice.policy.auth;

import dev.sluice.ir.PolicySection;

/// Field `require`: which of the credentials that a policy knows a request has to have.
///
/// @param all those of each kind that is not optional (`All`), and not of any kind (`Any`)
public record Require(boolean all) implements PolicySection {

    @Override
    public String text() {
        return all ? "All" : "Any";
    }
}
