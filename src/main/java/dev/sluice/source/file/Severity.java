package dev.sluice.source.file;

/// How bad a problem is.
public enum Severity {
    /// The object is not taken; its last good version stays.
    ERROR,
    /// The object is taken, without what is told of.
    WARNING
}
