package dev.sluice.app.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.bootstrap.DefaultBootstrapContext;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.boot.logging.LogLevel;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.DefaultResourceLoader;

/// Reads the files of settings once more, as they were read at the start, beside what is in force.
///
/// @param running the environment that the process started with; it stays as it is
record SettingsReader(ConfigurableEnvironment running) {

    /// What those files say.
    ///
    /// @param restart names of settings that differ from the running ones and need a restart
    record SettingsSnapshot(
            SluiceProperties properties, Map<String, LogLevel> levels, SortedSet<String> restart) {}

    /// They cannot be taken.
    static final class Rejected extends Exception {
        private static final long serialVersionUID = 1;

        Rejected(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /// What takes effect in a process that runs.
    static final List<ConfigurationPropertyName> LIVE =
            List.of(
                    ConfigurationPropertyName.of("sluice.server"),
                    ConfigurationPropertyName.of("sluice.upstream"),
                    ConfigurationPropertyName.of("sluice.access-log.format"),
                    ConfigurationPropertyName.of("sluice.access-log.fields"),
                    ConfigurationPropertyName.of("sluice.access-log.buffer"),
                    ConfigurationPropertyName.of("logging.level"));

    /// @throws Rejected with what is wrong, where, and its value
    SettingsSnapshot read() throws Rejected {
        try {
            ConfigurableEnvironment fresh = fresh();
            Binder binder = Binder.get(fresh);
            SluiceProperties properties =
                    binder.bindOrCreate(
                            "sluice",
                            Bindable.of(SluiceProperties.class),
                            new NoUnboundElementsBindHandler(
                                    BindHandler.DEFAULT, new UnboundElementsSourceFilter()));
            return new SettingsSnapshot(properties, LogLevels.of(binder), restart(fresh));
        } catch (RuntimeException e) {
            throw new Rejected(reason(e), e);
        }
    }

    /// An environment of what does not come from files, and of the files as they are now.
    private ConfigurableEnvironment fresh() {
        StandardEnvironment fresh = new StandardEnvironment();
        fresh.getPropertySources().forEach(s -> fresh.getPropertySources().remove(s.getName()));
        List<PropertySource<?>> below = new ArrayList<>();
        boolean files = false;
        for (PropertySource<?> source : running.getPropertySources()) {
            if (isFile(source)) {
                files = true;
            } else if (files) {
                below.add(source);
            } else if (!ConfigurationPropertySources.isAttachedConfigurationPropertySource(
                    source)) {
                fresh.getPropertySources().addLast(source);
            }
        }
        ConfigDataEnvironmentPostProcessor.applyTo(
                fresh,
                new DefaultResourceLoader(),
                new DefaultBootstrapContext(),
                running.getActiveProfiles());
        below.forEach(fresh.getPropertySources()::addLast);
        return fresh;
    }

    /// Boot names the sources of its configuration files so.
    private static boolean isFile(PropertySource<?> source) {
        return source.getName().startsWith("Config resource '");
    }

    private SortedSet<String> restart(ConfigurableEnvironment fresh) {
        SortedSet<String> changed = new TreeSet<>();
        for (ConfigurableEnvironment each : List.of(running, fresh)) {
            for (PropertySource<?> source : each.getPropertySources()) {
                if (isFile(source) && source instanceof EnumerablePropertySource<?> keys) {
                    for (String key : keys.getPropertyNames()) {
                        ConfigurationPropertyName name = ConfigurationPropertyName.adapt(key, '.');
                        if (!isLive(name)
                                && !Objects.equals(value(running, name), value(fresh, name))) {
                            changed.add(key);
                        }
                    }
                }
            }
        }
        return changed;
    }

    private static boolean isLive(ConfigurationPropertyName name) {
        return LIVE.stream().anyMatch(live -> live.equals(name) || live.isAncestorOf(name));
    }

    /// As it is written in the source that has precedence.
    private static @Nullable Object value(
            ConfigurableEnvironment environment, ConfigurationPropertyName name) {
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            ConfigurationProperty property = source.getConfigurationProperty(name);
            if (property != null) {
                return property.getValue();
            }
        }
        return null;
    }

    private static String reason(Throwable failure) {
        List<String> parts = new ArrayList<>();
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof UnboundConfigurationPropertiesException unknown) {
                return unknown.getUnboundProperties().stream()
                        .map(p -> p.getName() + " is not known" + at(p))
                        .sorted()
                        .reduce((a, b) -> a + "; " + b)
                        .orElseThrow();
            }
            if (t instanceof BindException bind && bind.getProperty() != null) {
                ConfigurationProperty property = bind.getProperty();
                parts.add(
                        property.getName() + " was \"" + property.getValue() + '"' + at(property));
            }
            if (t.getCause() == null) {
                parts.add(String.valueOf(t.getMessage()));
            }
        }
        return String.join(": ", parts);
    }

    private static String at(ConfigurationProperty property) {
        return property.getOrigin() == null ? "" : " (" + property.getOrigin() + ")";
    }
}
