package dev.sluice.finding;

/// How bad a finding is.
public enum Severity {
    /// Something is not served as it was written.
    ERROR,
    /// Everything is served, but not all of it does what somebody may expect.
    WARNING
}
