package dev.sluice.upstream;

/// How the next endpoint of a backend is chosen.
public enum Balancing {
    /// The one with fewer open requests of two picked at random (the power of two choices): near to
    /// the least loaded of all, without a look at all of them.
    LEAST_REQUEST,
    /// One after the other.
    ROUND_ROBIN
}
