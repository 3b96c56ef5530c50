package dev.sluice.app.settings;

import dev.sluice.listener.Listeners;
import dev.sluice.observe.SluiceMeters;
import dev.sluice.source.ResourceSource;
import dev.sluice.telemetry.AccessLog;
import dev.sluice.telemetry.AccessRecords;
import dev.sluice.upstream.Upstreams;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.logging.LoggerGroups;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;

/// Settings that take effect while the process runs.
@Configuration(proxyBeanMethods = false)
class SettingsConfiguration {

    @Bean
    SettingsReload settingsReload(
            ConfigurableEnvironment environment,
            SluiceProperties properties,
            Listeners listeners,
            Upstreams upstreams,
            ObjectProvider<AccessLog> accessLog,
            ObjectProvider<AccessRecords> accessRecords,
            ObjectProvider<ResourceSource> source,
            LoggingSystem logging,
            LoggerGroups groups,
            ObjectProvider<SettingsProblems> problems,
            MeterRegistry registry) {
        LogLevels levels = new LogLevels(logging, groups, environment);
        SettingsReload reload =
                new SettingsReload(
                        SettingsFiles.of(environment),
                        new SettingsReader(environment),
                        properties.reload(),
                        settingsSnapshot -> {
                            ServerProperties server = settingsSnapshot.properties().server();
                            listeners.settings(server.settings(), server.drain());
                            upstreams.settings(
                                    settingsSnapshot.properties().upstream().settings(server));
                            accessLog.ifAvailable(log ->
                                    log.settings(
                                            settingsSnapshot.properties().accessLog().settings()));
                            accessRecords.ifAvailable(records ->
                                    records.fields(
                                            settingsSnapshot.properties().accessLog().fields()));
                            // What is said of ports rests on settings of the server.
                            source.ifAvailable(ResourceSource::refresh);
                            levels.set(settingsSnapshot.levels());
                        },
                        problem -> problems.ifAvailable(sink -> sink.report(problem)));
        SluiceMeters.SETTINGS_REJECTED.gauge(
                registry, reload, one -> one.state().problem() == null ? 0 : 1);
        SluiceMeters.SETTINGS_RESTART.gauge(registry, reload, one -> one.state().restart().size());
        return reload;
    }

    /// Always up: the last good settings are in force.
    @Bean
    HealthIndicator settingsHealthIndicator(SettingsReload reload) {
        return () -> {
            SettingsReload.ReloadState reloadState = reload.state();
            Health.Builder health = Health.up();
            if (reloadState.problem() != null) {
                health.withDetail("rejected", reloadState.problem());
            }
            if (!reloadState.restart().isEmpty()) {
                health.withDetail("needRestart", reloadState.restart());
            }
            return health.build();
        };
    }
}
