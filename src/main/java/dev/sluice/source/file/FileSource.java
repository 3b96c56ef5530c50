package dev.sluice.source.file;

import dev.sluice.observe.UnexpectedErrors;
import dev.sluice.resource.Kinds;
import dev.sluice.resource.ObjectRef;
import dev.sluice.resource.Resource;
import dev.sluice.resource.Resources;
import dev.sluice.source.ResourceSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Resources from the YAML files of a folder and its subfolders, watched.
///
/// A file that is being written is left alone until two looks see the same text. An object that is
/// not taken keeps its last good version; where a document is no YAML, all objects that its file
/// had keep theirs, but for those that still stand in it.
public final class FileSource implements ResourceSource {

    private static final Logger LOG = LoggerFactory.getLogger(FileSource.class);
    private static final long LOOK_MILLIS = 50;

    private final UnexpectedErrors errors;
    private final List<Path> folders;
    private final List<FolderTexts> texts;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("sluice-files").daemon().factory());
    private volatile Instant lastTurn = Instant.now();
    private Map<Path, String> seen = Map.of();
    private Map<Path, String> applied = Map.of();
    private Map<String, Manifest> read = Map.of();
    private Resources snapshot = Resources.EMPTY;
    private final Map<Path, List<Resource>> objects = new TreeMap<>();
    private Set<Problem> reported = Set.of();
    private Set<String> otherKinds = Set.of();
    private volatile List<Problem> problems = List.of();

    /// @param errors told of what nobody expected
    /// @param folders of which the first is what users edit; paths are told relative to their
    ///   folder
    public FileSource(UnexpectedErrors errors, Path... folders) {
        this.errors = errors;
        this.folders = List.of(folders);
        this.texts = this.folders.stream().map(FolderTexts::new).toList();
    }

    /// What is wrong with the files now.
    public List<Problem> problems() {
        return problems;
    }

    @Override
    public void start(Consumer<Resources> listener) {
        for (Path folder : folders) {
            if (!Files.isDirectory(folder)) {
                throw new IllegalStateException(
                        "sluice.source.file.path: \""
                                + folder.toAbsolutePath()
                                + "\" is not a folder");
            }
        }
        seen = texts();
        apply(seen, listener);
        thread.scheduleWithFixedDelay(
                () -> look(listener), LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private Map<Path, String> texts() {
        Map<Path, String> all = new TreeMap<>(texts.getFirst().read());
        for (int i = 1; i < folders.size(); i++) {
            Path name = folders.get(i).getFileName();
            texts.get(i).read().forEach((file, text) -> all.put(name.resolve(file), text));
        }
        return all;
    }

    private void look(Consumer<Resources> listener) {
        lastTurn = Instant.now();
        try {
            Map<Path, String> now = texts();
            if (now.equals(seen) && !now.equals(applied)) {
                apply(now, listener);
            }
            seen = now;
        } catch (Throwable e) {
            errors.report("source.files", folders + ", whose last good version stays", e);
        }
    }

    @Override
    public Instant lastTurn() {
        return lastTurn;
    }

    private void apply(Map<Path, String> now, Consumer<Resources> listener) {
        List<Problem> found = new ArrayList<>();
        Set<String> others = new TreeSet<>();
        Map<Path, List<YamlDocuments.Chunk>> chunks = new TreeMap<>();
        now.forEach((file, text) -> chunks.put(file, YamlDocuments.of(text)));
        read = manifests(chunks.values());
        objects.keySet().retainAll(now.keySet());
        Map<ObjectRef, Resource> known = known();
        chunks.forEach((file, parts) -> {
            Map<ObjectRef, Resource> taken = new LinkedHashMap<>();
            List<Manifest> manifests = new ArrayList<>();
            for (YamlDocuments.Chunk chunk : parts) {
                Manifest manifest = Objects.requireNonNull(read.get(chunk.text()));
                manifests.add(manifest);
                others.addAll(manifest.otherKinds());
                for (Manifest.Finding finding : manifest.findings()) {
                    found.add(problem(file, chunk, finding));
                }
                for (Resource resource : manifest.resources()) {
                    add(resource, taken, file, found);
                }
            }
            for (Resource lastGood : lastGood(manifests, file, known)) {
                taken.putIfAbsent(Kinds.ref(lastGood), lastGood);
            }
            objects.put(file, List.copyOf(taken.values()));
        });
        applied = now;
        snapshot = Resources.after(snapshot, unique(found));
        report(found, others);
        listener.accept(snapshot);
    }

    /// What each text holds; those that are as they were are not read again, others side by side.
    private Map<String, Manifest> manifests(Collection<List<YamlDocuments.Chunk>> chunks) {
        Map<String, Manifest> before = read;
        return chunks.stream()
                .flatMap(List::stream)
                .map(YamlDocuments.Chunk::text)
                .distinct()
                .toList()
                .parallelStream()
                .collect(
                        Collectors.toConcurrentMap(
                                text -> text,
                                text -> {
                                    Manifest known = before.get(text);
                                    return known == null ? Manifest.read(text) : known;
                                }));
    }

    private Map<ObjectRef, Resource> known() {
        Map<ObjectRef, Resource> known = new HashMap<>();
        objects.values().forEach(list -> list.forEach(o -> known.putIfAbsent(Kinds.ref(o), o)));
        return known;
    }

    private static Problem problem(Path file, YamlDocuments.Chunk chunk, Manifest.Finding finding) {
        int line = finding.line() == 0 ? 0 : chunk.before() + finding.line();
        return new Problem(finding.severity(), file, line, finding.message());
    }

    private static void add(
            Resource resource, Map<ObjectRef, Resource> to, Path file, List<Problem> found) {
        if (to.putIfAbsent(Kinds.ref(resource), resource) != null) {
            found.add(twice(file, Kinds.ref(resource)));
        }
    }

    private static Problem twice(Path file, ObjectRef ref) {
        return new Problem(Severity.ERROR, file, 0, ref + " is defined twice; the first stays");
    }

    private List<Resource> lastGood(
            List<Manifest> manifests, Path file, Map<ObjectRef, Resource> known) {
        List<Resource> kept = new ArrayList<>();
        for (Manifest manifest : manifests) {
            for (ObjectRef ref : manifest.rejected()) {
                Resource resource = known.get(ref);
                if (resource != null) {
                    kept.add(resource);
                }
            }
            if (manifest.broken()) {
                kept.addAll(objects.getOrDefault(file, List.of()));
            }
        }
        return kept;
    }

    private List<Resource> unique(List<Problem> found) {
        Map<ObjectRef, Resource> all = new LinkedHashMap<>();
        objects.forEach((file, list) -> list.forEach(object -> add(object, all, file, found)));
        return List.copyOf(all.values());
    }

    private void report(List<Problem> found, Set<String> others) {
        for (Problem problem : found) {
            if (!reported.contains(problem)) {
                switch (problem.severity()) {
                    case ERROR -> LOG.error("{}", problem);
                    case WARNING -> LOG.warn("{}", problem);
                }
            }
        }
        if (!others.equals(otherKinds) && !others.isEmpty()) {
            LOG.info("kinds that are not served from {}: {}", folders, String.join(", ", others));
        }
        otherKinds = others;
        reported = new HashSet<>(found);
        problems = List.copyOf(found);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
