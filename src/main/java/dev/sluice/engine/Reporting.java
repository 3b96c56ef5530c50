package dev.sluice.engine;

/// Who is notified of a rule's requests.
///
/// @param observer of the end of each request
/// @param telemetry what its policies say about log, spans and counts
public record Reporting(Observer observer, Telemetry telemetry) {}
