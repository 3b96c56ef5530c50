package dev.sluice.source.file;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The texts of a folder's files. Content does not lie where events do (editors that replace files,
/// mounted ConfigMaps that swap a symbolic link), so the folder is looked at again and again; a
/// file is read anew when its stamp changed, or while it is so young that a write could leave the
/// stamp as it is. One that was emptied has the text that it had for as long as it is young.
final class FolderTexts {

    private static final int MAX_DEPTH = 8;
    private static final Duration YOUNG = Duration.ofSeconds(2);

    private final Path folder;
    private Map<Path, FileVersion> last = Map.of();

    FolderTexts(Path folder) {
        this.folder = folder;
    }

    /// @param key of the file itself, behind all links
    private record Stamp(FileTime modified, long size, @Nullable Object key) {}

    /// @param young whether the file had just been written when it was read
    private record FileVersion(Stamp stamp, boolean young, String text) {}

    /// A file's text.
    ///
    /// @param saved when it was written last, in milliseconds
    record FileText(String text, long saved) {}

    /// By path relative to the folder. What was read last when a file vanishes during the look: the
    /// next one sees a settled folder.
    Map<Path, FileText> read() {
        Map<Path, FileVersion> now = new HashMap<>();
        try (Stream<Path> files = Files.walk(folder, MAX_DEPTH, FileVisitOption.FOLLOW_LINKS)) {
            for (Path file : files.filter(this::isWanted).toList()) {
                Path name = folder.relativize(file);
                now.put(name, read(file, last.get(name)));
            }
            last = now;
        } catch (IOException | java.io.UncheckedIOException e) {
            now = Map.copyOf(last);
        }
        Map<Path, FileText> texts = new TreeMap<>();
        now.forEach((name, version) ->
                texts.put(
                        name, new FileText(version.text(), version.stamp().modified().toMillis())));
        return texts;
    }

    private static FileVersion read(Path file, @Nullable FileVersion before) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        Stamp stamp =
                new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
        if (before != null && !before.young() && before.stamp().equals(stamp)) {
            return before;
        }
        boolean young =
                attributes.lastModifiedTime().toInstant().plus(YOUNG).isAfter(Instant.now());
        // Malformed bytes become replacement characters, and then a rule tells where.
        String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        if (text.isBlank() && young && before != null) {
            // Who writes a file anew empties it first, and may be held up then.
            text = before.text();
        }
        return new FileVersion(
                stamp, young, before != null && before.text().equals(text) ? before.text() : text);
    }

    /// Hidden files and folders are left out: editors' drafts, and the versions behind a mounted
    /// ConfigMap's `..data` link, whose files are seen by their links already.
    private boolean isWanted(Path file) {
        for (Path part : folder.relativize(file)) {
            if (part.toString().startsWith(".") && !part.toString().isEmpty()) {
                return false;
            }
        }
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return (name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json"))
                && Files.isRegularFile(file);
    }
}
