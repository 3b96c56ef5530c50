package dev.sluice.app.settings;

import dev.sluice.app.settings.SettingsReader.Rejected;
import dev.sluice.app.settings.SettingsReader.SettingsSnapshot;
import dev.sluice.barrier.Barrier;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/// Looks at the files of settings for as long as the process runs. What they say anew takes effect
/// as a whole when all of it can be read, and else nothing of it does. They are looked at, and no
/// events waited for: a mounted ConfigMap changes by links, on file systems that may report
/// nothing.
final class SettingsReload implements SmartLifecycle {

    private static final Barrier.Owner OWNER = Barrier.only("settings");
    private static final Logger LOG = LoggerFactory.getLogger(SettingsReload.class);

    private final SettingsFiles files;
    private final SettingsReader reader;
    private final Duration every;
    private final Consumer<SettingsSnapshot> apply;
    private final Consumer<String> report;
    private volatile ReloadState reloadState = new ReloadState(null, new TreeSet<>());
    private @Nullable Thread thread;
    private Map<Path, Object> read;
    private Map<Path, Object> last;

    /// How the files are.
    ///
    /// @param problem why they cannot be taken; null when they are in force
    /// @param restart names of what was changed and takes effect with a restart
    record ReloadState(@Nullable String problem, SortedSet<String> restart) {}

    /// @param every how often files are looked at; zero for never
    /// @param apply puts new settings into effect
    /// @param report notified of each problem once
    SettingsReload(
            SettingsFiles files,
            SettingsReader reader,
            Duration every,
            Consumer<SettingsSnapshot> apply,
            Consumer<String> report) {
        this.files = files;
        this.reader = reader;
        this.every = every;
        this.apply = apply;
        this.report = report;
        this.read = files.state();
        this.last = read;
    }

    ReloadState state() {
        return reloadState;
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(every);
                Barrier.run(OWNER, this::look);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the end
        }
    }

    /// A file that was the same twice is not being written.
    private void look() {
        Map<Path, Object> now = files.state();
        if (now.equals(last) && !now.equals(read)) {
            read = now;
            reload();
        }
        last = now;
    }

    private void reload() {
        try {
            SettingsSnapshot settingsSnapshot = reader.read();
            apply.accept(settingsSnapshot);
            SortedSet<String> restart = settingsSnapshot.restart();
            LOG.info(
                    "settings were read again{}",
                    restart.isEmpty() ? "" : "; these need a restart: " + restart);
            reloadState = new ReloadState(null, restart);
        } catch (Rejected | RuntimeException e) {
            String problem = String.valueOf(e.getMessage());
            LOG.error("settings are not taken, the last good ones stay: {}", problem);
            reloadState = new ReloadState(problem, reloadState.restart());
            report.accept(problem);
        }
    }

    @Override
    public void start() {
        if (!every.isZero()) {
            thread = Barrier.start(Thread.ofVirtual().name("sluice-settings"), OWNER, this::run);
        }
    }

    @Override
    public void stop() {
        if (thread != null) {
            thread.interrupt();
            thread = null;
        }
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }
}
