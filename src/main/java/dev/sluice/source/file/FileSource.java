package dev.sluice.source.file;

import dev.sluice.finding.Finding;
import dev.sluice.finding.FindingCode;
import dev.sluice.finding.FindingLog;
import dev.sluice.finding.Place;
import dev.sluice.observe.UnexpectedErrors;
import dev.sluice.resource.Kinds;
import dev.sluice.resource.ObjectRef;
import dev.sluice.resource.Resource;
import dev.sluice.resource.Resources;
import dev.sluice.source.ResourceSource;
import dev.sluice.source.file.FolderTexts.FileText;
import dev.sluice.source.file.FolderTexts.Look;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Resources from the YAML files of a folder and its subfolders, watched.
///
/// A file that is being written is left alone until two looks see the same text. An object that is
/// not taken keeps its last good version, or has a [StandIn]; where a document is no YAML, all
/// objects that its file had keep theirs, but for those that still stand in it.
///
/// No change is taken by which an AuthPolicy loses its target.
public final class FileSource implements ResourceSource {

    private static final Logger LOG = LoggerFactory.getLogger(FileSource.class);
    private static final long LOOK_MILLIS = 50;

    private final UnexpectedErrors errors;
    private final FileRules rules;
    private final List<Path> folders;
    private final List<FolderTexts> texts;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("sluice-files").daemon().factory());
    private volatile Instant lastTurn = Instant.now();
    private Look seen = new Look(Map.of(), Map.of());
    private volatile Look applied = seen;
    private boolean begun;
    private volatile boolean again;
    private Map<String, Manifest> read = Map.of();
    private Resources snapshot = Resources.EMPTY;
    private final Map<Path, List<Resource>> objects = new TreeMap<>();
    private final FindingLog log = new FindingLog();
    private Set<String> otherKinds = Set.of();
    private volatile Map<ObjectRef, Located> located = Map.of();
    private volatile List<Finding> findings = List.of();

    /// One that refuses objects with unknown fields.
    public FileSource(UnexpectedErrors errors, Path... folders) {
        this(errors, FileRules.DEFAULT, List.of(folders));
    }

    /// @param errors receives unexpected errors
    /// @param rules what is taken
    /// @param folders of which the first is what users edit; paths are reported relative to their
    ///   folder
    public FileSource(UnexpectedErrors errors, FileRules rules, List<Path> folders) {
        this.errors = errors;
        this.rules = rules;
        this.folders = List.copyOf(folders);
        this.texts = this.folders.stream().map(FolderTexts::new).toList();
    }

    /// What is wrong with the files now.
    @Override
    public List<Finding> findings() {
        return findings;
    }

    private Finding at(Map<ObjectRef, Located> places, Finding finding) {
        ObjectRef object = finding.object();
        return object == null ? finding : finding.at(place(places, object, finding.field()));
    }

    @Override
    public @Nullable Place place(ObjectRef object, String field) {
        return place(located, object, field);
    }

    private @Nullable Place place(Map<ObjectRef, Located> places, ObjectRef object, String field) {
        Located at = places.get(object);
        return at == null
                ? null
                : new Place(
                        at.file().toString(),
                        at.chunk().before() + at.manifest().line(at.chunk().text(), object, field),
                        saved(at.file()));
    }

    /// The text that an object stands in.
    private record Located(Path file, YamlDocuments.Chunk chunk, Manifest manifest) {}

    @Override
    public void start(Consumer<Resources> listener) {
        seen = texts();
        apply(seen, listener);
        thread.scheduleWithFixedDelay(
                () -> look(listener), LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void refresh() {
        again = true;
    }

    private Look texts() {
        Map<Path, FileText> all = new TreeMap<>();
        Map<Path, String> failures = new TreeMap<>();
        for (int i = 0; i < folders.size(); i++) {
            Path in = i == 0 ? Path.of("") : folders.get(i).getFileName();
            Path folder = folders.get(i);
            Look look = texts.get(i).read();
            look.texts().forEach((file, text) -> all.put(in.resolve(file), text));
            look.failures()
                    .forEach((file, why) ->
                            failures.put(
                                    file.toString().isEmpty() ? folder : in.resolve(file), why));
        }
        return new Look(all, failures);
    }

    private void look(Consumer<Resources> listener) {
        lastTurn = Instant.now();
        try {
            Look now = texts();
            if (now.equals(seen) && !now.equals(applied)) {
                again = false;
                apply(now, listener);
            } else if (again && begun) {
                again = false;
                listener.accept(snapshot);
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

    private void apply(Look look, Consumer<Resources> listener) {
        List<Finding> found = unreadable(look);
        Set<String> others = new TreeSet<>();
        applied = look;
        Map<Path, FileText> now = look.texts();
        Map<Path, List<YamlDocuments.Chunk>> chunks = new TreeMap<>();
        now.forEach((file, text) -> chunks.put(file, YamlDocuments.of(text.text())));
        read = manifests(chunks.values());
        objects.keySet().retainAll(now.keySet());
        Map<ObjectRef, Resource> known = known();
        Map<ObjectRef, Located> places = new HashMap<>();
        chunks.forEach((file, parts) -> {
            Map<ObjectRef, Resource> taken = new LinkedHashMap<>();
            List<Manifest> manifests = new ArrayList<>();
            for (YamlDocuments.Chunk chunk : parts) {
                Manifest manifest = Objects.requireNonNull(read.get(chunk.text()));
                manifests.add(manifest);
                others.addAll(manifest.otherKinds());
                manifest.pointers()
                        .keySet()
                        .forEach(
                                ref -> places.putIfAbsent(ref, new Located(file, chunk, manifest)));
                for (Finding finding : manifest.findings()) {
                    found.add(finding.at(place(file, chunk.before(), finding)));
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
        located = places;
        Resources next = Resources.after(snapshot, unique(found));
        Set<LostTarget> lost = LostTarget.of(next);
        lost.removeAll(LostTarget.of(snapshot));
        if (begun && !lost.isEmpty()) {
            lost.forEach(one -> found.add(at(places, one.finding())));
            report(found, others);
            return;
        }
        snapshot = next;
        report(found, others);
        if (begun || rules.startsIncomplete() || found.stream().noneMatch(FileSource::isUnread)) {
            begun = true;
            listener.accept(snapshot);
        } else {
            LOG.error(
                    "nothing is served before all of {} can be read;"
                            + " sluice.source.file.start-incomplete serves the rest",
                    folders);
        }
    }

    /// Whether objects may be missing that nobody knows.
    private static boolean isUnread(Finding finding) {
        return finding.code() == FindingCode.UNREADABLE_DOCUMENT
                || finding.code() == FindingCode.UNREADABLE_FILE;
    }

    private List<Finding> unreadable(Look look) {
        List<Finding> found = new ArrayList<>();
        look.failures()
                .forEach((file, why) ->
                        found.add(
                                Finding.ofFile(
                                        FindingCode.UNREADABLE_FILE,
                                        new Place(file.toString(), 0, 0),
                                        why)));
        if (look.texts().isEmpty() && found.isEmpty()) {
            found.add(
                    Finding.ofFile(
                            FindingCode.NO_FILES,
                            new Place(folders.getFirst().toString(), 0, 0),
                            "has no file that ends in .yaml, .yml or .json"));
        }
        return found;
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
                                    return known == null
                                            ? Manifest.read(text, rules.strict())
                                            : known;
                                }));
    }

    private Map<ObjectRef, Resource> known() {
        Map<ObjectRef, Resource> known = new HashMap<>();
        objects.values().forEach(list -> list.forEach(o -> known.putIfAbsent(Kinds.ref(o), o)));
        return known;
    }

    /// @param before how many lines stand before the text of the finding
    private Place place(Path file, int before, Finding finding) {
        int line = Manifest.line(finding);
        return new Place(file.toString(), line == 0 ? 0 : before + line, saved(file));
    }

    private long saved(Path file) {
        FileText text = applied.texts().get(file);
        return text == null ? 0 : text.saved();
    }

    private void add(
            Resource resource, Map<ObjectRef, Resource> to, Path file, List<Finding> found) {
        if (to.putIfAbsent(Kinds.ref(resource), resource) != null) {
            found.add(
                    Finding.at(
                                    FindingCode.DEFINED_TWICE,
                                    Kinds.ref(resource),
                                    "",
                                    "is defined twice; the first stays")
                            .at(new Place(file.toString(), 0, saved(file))));
        }
    }

    private List<Resource> lastGood(
            List<Manifest> manifests, Path file, Map<ObjectRef, Resource> known) {
        List<Resource> kept = new ArrayList<>();
        for (Manifest manifest : manifests) {
            for (ObjectRef ref : manifest.rejected()) {
                Resource resource = known.get(ref);
                if (resource != null && !isStandIn(resource)) {
                    kept.add(resource);
                }
            }
            kept.addAll(manifest.standIns());
            if (manifest.broken()) {
                kept.addAll(objects.getOrDefault(file, List.of()));
            }
        }
        return kept;
    }

    private static boolean isStandIn(Resource resource) {
        return resource.metadata().refusal() != null;
    }

    private List<Resource> unique(List<Finding> found) {
        Map<ObjectRef, Resource> all = new LinkedHashMap<>();
        Map<ObjectRef, Resource> standIns = new LinkedHashMap<>();
        objects.forEach((file, list) -> {
            for (Resource object : list) {
                if (isStandIn(object)) {
                    standIns.putIfAbsent(Kinds.ref(object), object);
                } else {
                    add(object, all, file, found);
                }
            }
        });
        standIns.forEach(all::putIfAbsent);
        return List.copyOf(all.values());
    }

    private void report(List<Finding> found, Set<String> others) {
        log.report(found);
        if (!others.equals(otherKinds) && !others.isEmpty()) {
            LOG.info("kinds that are not served from {}: {}", folders, String.join(", ", others));
        }
        otherKinds = others;
        findings = List.copyOf(found);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
