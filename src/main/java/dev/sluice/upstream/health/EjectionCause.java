package dev.sluice.upstream.health;

/// Why an endpoint is ejected.
public enum EjectionCause {
    CONNECT,
    GATEWAY_5XX;

    /// As in the policy.
    @Override
    public String toString() {
        return this == CONNECT ? "connect" : "gateway5xx";
    }
}
