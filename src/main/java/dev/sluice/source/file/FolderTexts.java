package dev.sluice.source.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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

    /// What a look at the folder found.
    ///
    /// @param texts by path relative to the folder; of a file that cannot be read now, what was
    ///   read last
    /// @param failures why a file or folder cannot be read, by path relative to the folder, which
    ///   is empty for the folder itself
    record Look(Map<Path, FileText> texts, Map<Path, String> failures) {}

    /// Looks at the folder. The texts of the last look when a file vanishes meanwhile: the next one
    /// sees a settled folder.
    Look read() {
        Map<Path, FileVersion> now = new HashMap<>();
        Map<Path, String> failures = new TreeMap<>();
        try {
            Files.walkFileTree(
                    folder,
                    Set.of(FileVisitOption.FOLLOW_LINKS),
                    MAX_DEPTH,
                    new Visitor(now, failures));
            last = now;
        } catch (NoSuchFileException e) {
            now = last;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<Path, FileText> texts = new TreeMap<>();
        now.forEach((name, version) ->
                texts.put(
                        name, new FileText(version.text(), version.stamp().modified().toMillis())));
        return new Look(texts, failures);
    }

    /// Reads what is wanted, and goes on where that cannot be.
    private final class Visitor extends SimpleFileVisitor<Path> {
        private final Map<Path, FileVersion> now;
        private final Map<Path, String> failures;

        Visitor(Map<Path, FileVersion> now, Map<Path, String> failures) {
            this.now = now;
            this.failures = failures;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path at, BasicFileAttributes attributes) {
            return isHidden(at) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
            if (file.equals(folder)) {
                failures.put(folder.relativize(file), "is not a folder");
            } else if (isWanted(file)) {
                Path name = folder.relativize(file);
                if (attributes.isRegularFile()) {
                    try {
                        now.put(name, read(file, last.get(name)));
                    } catch (NoSuchFileException e) {
                        throw e;
                    } catch (IOException e) {
                        failed(name, e);
                    }
                } else if (attributes.isSymbolicLink()) {
                    keep(name, "is a link to a file that is not there");
                }
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path at, IOException error) throws IOException {
            Path name = folder.relativize(at);
            if (at.equals(folder)) {
                failed(name, error);
            } else if (error instanceof NoSuchFileException) {
                throw error;
            } else if (!isHidden(at) && (isWanted(at) || Files.isDirectory(at))) {
                failed(name, error);
            }
            return FileVisitResult.CONTINUE;
        }

        private void failed(Path name, IOException error) {
            keep(
                    name,
                    switch (error) {
                        case AccessDeniedException _ -> "permission denied";
                        case NoSuchFileException _ -> "does not exist";
                        case FileSystemLoopException _ -> "is a link to a folder that it is in";
                        case FileSystemException e when e.getReason() != null -> e.getReason();
                        default -> String.valueOf(error.getMessage());
                    });
        }

        /// What was read last stays: of a file, of all below a folder.
        private void keep(Path name, String why) {
            failures.put(name, why);
            last.forEach((file, version) -> {
                if (name.toString().isEmpty() || file.startsWith(name)) {
                    now.putIfAbsent(file, version);
                }
            });
        }
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
    private boolean isHidden(Path at) {
        for (Path part : folder.relativize(at)) {
            if (part.toString().startsWith(".") && !part.toString().isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private boolean isWanted(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return !isHidden(file)
                && (name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json"));
    }
}
