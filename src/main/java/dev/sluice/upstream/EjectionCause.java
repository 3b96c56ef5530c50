package dev.sluice.upstream;

/// Why an endpoint is ejected.
enum EjectionCause {
    CONNECT,
    GATEWAY_5XX;

    /// As in the policy.
    @Override
    public String toString() {
        return this == CONNECT ? "connect" : "gateway5xx";
    }
}
