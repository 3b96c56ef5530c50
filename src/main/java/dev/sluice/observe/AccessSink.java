package dev.sluice.observe;

/// Where the access log goes.
public enum AccessSink {
    /// Lines, to the standard output or a file.
    STDOUT("Stdout"),
    /// Log records of OpenTelemetry, by OTLP.
    OTLP("OTLP");

    private final String label;

    AccessSink(String label) {
        this.label = label;
    }

    /// Its name in a policy.
    public String label() {
        return label;
    }
}
