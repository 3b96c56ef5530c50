package dev.sluice.app.settings;

/// Where problems with settings are reported beside the log, health and metrics.
@FunctionalInterface
public interface SettingsProblems {

    /// @param problem what is wrong, where, and its value
    void report(String problem);
}
