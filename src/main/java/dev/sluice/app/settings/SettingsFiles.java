package dev.sluice.app.settings;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.core.env.Environment;

/// The files that Boot reads settings from: those of `spring.config.location` or of Boot's own
/// places, and of `spring.config.additional-location`, where a ConfigMap is mounted.
///
/// @param folders that hold files of the name
/// @param files that are named themselves
/// @param name without ending; a profile may follow it
record SettingsFiles(List<Path> folders, List<Path> files, String name) {

    private static final String DEFAULT = "file:./;file:./config/;file:./config/*/";

    /// What a file was when it was looked at.
    private record Seen(FileTime modified, long size) {}

    SettingsFiles {
        folders = List.copyOf(folders);
        files = List.copyOf(files);
    }

    static SettingsFiles of(Environment environment) {
        List<Path> folders = new ArrayList<>();
        List<Path> files = new ArrayList<>();
        String all =
                environment.getProperty("spring.config.location", DEFAULT)
                        + ";"
                        + environment.getProperty("spring.config.additional-location", "");
        for (String location : all.split("[;,]", -1)) {
            String place = location.strip().replaceFirst("^optional:", "");
            if (place.startsWith("classpath:") || place.isEmpty()) {
                continue;
            }
            Path path = Path.of(place.replaceFirst("^file:(//)?", ""));
            (place.endsWith("/") ? folders : files).add(path);
        }
        String name = environment.getProperty("spring.config.name", "application");
        return new SettingsFiles(folders, files, name);
    }

    /// Differs from an earlier one when a file has changed, has come or is gone.
    Map<Path, Object> state() {
        Map<Path, Object> state = new TreeMap<>();
        files.forEach(file -> look(file, state));
        for (Path folder : folders) {
            if (folder.endsWith("*")) {
                list(folder.resolveSibling(""), "*", below -> list(below, name + "*.*", state));
            } else {
                list(folder, name + "*.*", state);
            }
        }
        return state;
    }

    private interface Visit {
        void at(Path path);
    }

    private static void list(Path folder, String glob, Map<Path, Object> state) {
        list(folder, glob, file -> look(file, state));
    }

    private static void list(Path folder, String glob, Visit visit) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, glob)) {
            found.forEach(visit::at);
        } catch (IOException e) {
            // Gone meanwhile: there is nothing to read there.
        }
    }

    private static void look(Path file, Map<Path, Object> state) {
        try {
            // Through the links that a mounted ConfigMap consists of.
            state.put(file, new Seen(Files.getLastModifiedTime(file), Files.size(file)));
        } catch (IOException e) {
            // It is not there.
        }
    }
}
