package dev.sluice.source.file;

import dev.sluice.resource.Kinds;
import dev.sluice.resource.ObjectRef;
import dev.sluice.resource.Resource;
import dev.sluice.resource.Resources;
import dev.sluice.source.ResourceSource;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Resources from the YAML files of a folder and its subfolders, watched by looking at the files'
/// content: a folder of configuration is small, and content does not lie where events and time stamps
/// do (editors that replace files, mounted ConfigMaps that swap a symbolic link).
///
/// A file that is being written is left alone until two looks see the same text. A file that is not
/// YAML keeps the objects of its last good version, and so does an object that cannot be read.
public final class FileSource implements ResourceSource {

    private static final Logger LOG = LoggerFactory.getLogger(FileSource.class);
    private static final long LOOK_MILLIS = 60;
    private static final int MAX_DEPTH = 8;

    private final Path folder;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("sluice-files").daemon().factory());
    private Map<Path, String> seen = Map.of();
    private Map<Path, String> applied = Map.of();
    private final Map<Path, List<Resource>> objects = new TreeMap<>();
    private Set<Problem> reported = Set.of();
    private volatile List<Problem> problems = List.of();

    public FileSource(Path folder) {
        this.folder = folder;
    }

    /// What is wrong with the files now.
    public List<Problem> problems() {
        return problems;
    }

    @Override
    public void start(Consumer<Resources> listener) {
        if (!Files.isDirectory(folder)) {
            throw new IllegalStateException(
                    "sluice.source.file.path: \"" + folder.toAbsolutePath() + "\" is not a folder");
        }
        seen = read();
        apply(seen, listener);
        thread.scheduleWithFixedDelay(
                () -> look(listener), LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void look(Consumer<Resources> listener) {
        try {
            Map<Path, String> now = read();
            if (now.equals(seen) && !now.equals(applied)) {
                apply(now, listener);
            }
            seen = now;
        } catch (RuntimeException e) {
            LOG.error("cannot read {}; the last good version stays", folder, e);
        }
    }

    private Map<Path, String> read() {
        Map<Path, String> texts = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder, MAX_DEPTH, FileVisitOption.FOLLOW_LINKS)) {
            for (Path file : files.filter(this::isWanted).toList()) {
                texts.put(folder.relativize(file), Files.readString(file));
            }
        } catch (IOException e) {
            // A file that vanished during the look: the next one sees a settled folder.
            return seen;
        }
        return texts;
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

    private void apply(Map<Path, String> texts, Consumer<Resources> listener) {
        List<Problem> found = new ArrayList<>();
        Map<ObjectRef, Resource> known = new LinkedHashMap<>();
        objects.values().forEach(list -> list.forEach(o -> known.put(Kinds.ref(o), o)));
        objects.keySet().retainAll(texts.keySet());
        texts.forEach((file, text) -> {
            Documents.Content content = Documents.parse(file, text);
            found.addAll(content.problems());
            if (!content.broken()) {
                List<Resource> read = new ArrayList<>(content.resources());
                for (ObjectRef ref : content.unreadable()) {
                    Resource lastGood = known.get(ref);
                    if (lastGood != null) {
                        read.add(lastGood);
                    }
                }
                objects.put(file, read);
            }
        });
        applied = texts;
        Resources all = new Resources(unique(found));
        report(found);
        listener.accept(all);
    }

    private List<Resource> unique(List<Problem> found) {
        Map<ObjectRef, Resource> all = new LinkedHashMap<>();
        objects.forEach((file, list) ->
                list.forEach(object -> {
                    if (all.putIfAbsent(Kinds.ref(object), object) != null) {
                        found.add(
                                new Problem(
                                        file,
                                        0,
                                        Kinds.ref(object) + " is defined twice; the first stays"));
                    }
                }));
        return List.copyOf(all.values());
    }

    private void report(List<Problem> found) {
        for (Problem problem : found) {
            if (!reported.contains(problem)) {
                LOG.error("{}", problem);
            }
        }
        reported = new HashSet<>(found);
        problems = List.copyOf(found);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
