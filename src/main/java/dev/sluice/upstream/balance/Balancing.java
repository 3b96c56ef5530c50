package dev.sluice.upstream.balance;

/// How the next endpoint of a backend is chosen where no policy says it.
public enum Balancing {
    /// The one with fewer open requests of two picked at random ([LeastRequest]).
    LEAST_REQUEST,
    /// One after the other.
    ROUND_ROBIN
}
