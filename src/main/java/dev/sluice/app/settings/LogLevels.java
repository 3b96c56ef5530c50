package dev.sluice.app.settings;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggerGroup;
import org.springframework.boot.logging.LoggerGroups;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.core.env.Environment;

/// The levels of `logging.level`, as they are in force.
final class LogLevels {

    private final LoggingSystem logging;
    private final LoggerGroups groups;
    private Map<String, LogLevel> now;

    /// @param environment what the levels were set by at the start
    LogLevels(LoggingSystem logging, LoggerGroups groups, Environment environment) {
        this.logging = logging;
        this.groups = groups;
        this.now = of(Binder.get(environment));
    }

    /// What an environment says.
    static Map<String, LogLevel> of(Binder binder) {
        return binder.bind("logging.level", Bindable.mapOf(String.class, LogLevel.class))
                .orElse(Map.of());
    }

    void set(Map<String, LogLevel> next) {
        Map<String, LogLevel> gone = new HashMap<>(now);
        gone.keySet().removeAll(next.keySet());
        gone.keySet().forEach(name -> set(name, null));
        next.forEach((name, level) -> {
            if (level != now.get(name)) {
                set(name, level);
            }
        });
        now = Map.copyOf(next);
    }

    private void set(String name, @Nullable LogLevel level) {
        LoggerGroup group = groups.get(name);
        if (group != null && group.hasMembers()) {
            group.configureLogLevel(level, logging::setLogLevel);
        } else if (name.equalsIgnoreCase(LoggingSystem.ROOT_LOGGER_NAME)) {
            logging.setLogLevel(LoggingSystem.ROOT_LOGGER_NAME, level);
        } else {
            logging.setLogLevel(name, level);
        }
    }
}
