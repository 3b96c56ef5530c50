package dev.sluice.control;

import dev.sluice.finding.Finding;
import dev.sluice.finding.FindingLog;
import dev.sluice.finding.Place;
import dev.sluice.ir.Configuration;
import dev.sluice.observe.ControlMeters;
import dev.sluice.observe.UnexpectedErrors;
import dev.sluice.resource.Resource;
import dev.sluice.resource.Resources;
import dev.sluice.resource.Statuses;
import dev.sluice.source.ResourceSource;
import dev.sluice.source.StatusSink;
import dev.sluice.translate.Memo;
import dev.sluice.translate.Translation;
import dev.sluice.translate.Translator;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// Turns each snapshot of a source into what is served, on the source's thread: what changes
/// meanwhile comes together in the next one. Whatever is thrown ends one turn, and the last good
/// configuration stays.
public final class ControlLoop implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ControlLoop.class);

    private final ResourceSource source;
    private final Translator translator;
    private final Function<Configuration, Map<String, String>> publish;
    private final StatusSink sink;
    private final ControlMeters meters;
    private final UnexpectedErrors errors;
    private final Memo memo = new Memo();
    private final FindingLog log = new FindingLog();
    private volatile LoopState loopState =
            new LoopState(new Applied(0, Configuration.EMPTY, Statuses.NONE, List.of()), null);
    private volatile Resources newest = Resources.EMPTY;
    private Map<String, String> unserved = Map.of();
    private volatile boolean bound;

    /// What is served.
    ///
    /// @param generation counts publications, from 1; 0 before the first
    /// @param findings what is wrong with the objects that were translated
    public record Applied(
            long generation,
            Configuration configuration,
            Statuses statuses,
            List<Finding> findings) {}

    /// How the loop is.
    ///
    /// @param failure why the newest snapshot is not served, null when it is
    public record LoopState(Applied applied, @Nullable Throwable failure) {}

    /// @param publish puts a configuration into effect and returns, by [Port#id], which sockets
    ///   could not be bound and why
    public ControlLoop(
            ResourceSource source,
            Translator translator,
            Function<Configuration, Map<String, String>> publish,
            StatusSink sink,
            ControlMeters meters,
            UnexpectedErrors errors) {
        this.source = source;
        this.translator = translator;
        this.publish = publish;
        this.sink = sink;
        this.meters = meters;
        this.errors = errors;
    }

    /// Starts the source; returns when its first snapshot is in effect, or has failed to be.
    public void start() {
        source.start(this::changed);
    }

    private void changed(Resources resources) {
        newest = resources;
        try {
            apply(resources);
        } catch (Throwable e) {
            loopState = new LoopState(applied(), e);
            meters.failed();
            errors.report("control", "generation " + applied().generation() + ", which stays", e);
        }
    }

    private void apply(Resources resources) {
        long start = System.nanoTime();
        Translation translation = translator.translate(resources, Map.of(), memo);
        Map<String, String> unbound = publish.apply(translation.configuration());
        bound |= translation.configuration().ports().size() > unbound.size();
        report(unbound);
        if (!unbound.isEmpty()) {
            translation = translator.translate(resources, unbound, memo);
        }
        List<Finding> findings =
                translation.findings().stream()
                        .map(finding -> finding.at(place(finding, resources)))
                        .distinct()
                        .toList();
        log.report(findings);
        Applied before = applied();
        long generation = before.generation() + 1;
        loopState =
                new LoopState(
                        new Applied(
                                generation,
                                translation.configuration(),
                                translation.statuses(),
                                findings),
                        null);
        meters.published(generation, System.nanoTime() - start);
        sink.allocate(translation.targetPorts());
        sink.write(translation.statuses(), translation.infrastructure());
        // In a cluster most changes are of objects of others, and come to nothing here.
        boolean same =
                before.generation() > 0
                        && translation.configuration().equals(before.configuration())
                        && translation.statuses().equals(before.statuses());
        LOG.atLevel(same ? Level.DEBUG : Level.INFO)
                .log(
                        "generation {}: {} ports, {} rules, {} rejected, {} ms",
                        generation,
                        translation.configuration().ports().size(),
                        translation.configuration().attached(),
                        translation.rejected(),
                        (System.nanoTime() - start) / 1_000_000);
    }

    /// Logs each port that is not served once, until it is or the reason is another one.
    private void report(Map<String, String> unbound) {
        unbound.forEach((port, reason) -> {
            if (!reason.equals(unserved.get(port))) {
                LOG.error("{} is not served: {}", port, reason);
            }
        });
        unserved = unbound;
    }

    private @Nullable Place place(Finding finding, Resources resources) {
        if (finding.object() == null) {
            return finding.place();
        }
        Place place = source.place(finding.object(), finding.field());
        Resource object = place == null ? resources.find(finding.object()) : null;
        return object == null ? place : Place.ofGeneration(object.metadata().generation());
    }

    /// What is wrong with what users wrote: what could not be read as it was written, and what is
    /// not served as it was.
    public List<Finding> findings() {
        return Stream.concat(source.findings().stream(), applied().findings().stream()).toList();
    }

    /// What is served now.
    public Applied applied() {
        return loopState.applied();
    }

    /// What is served now, and what keeps something newer from being served.
    public LoopState state() {
        return loopState;
    }

    /// Whether any port was ever bound.
    public boolean hasBound() {
        return bound;
    }

    /// The newest snapshot, whether it is served or not.
    public Resources newest() {
        return newest;
    }

    /// When the thread that the loop runs on was last seen at work.
    public Instant lastTurn() {
        return source.lastTurn();
    }

    /// What would come of a snapshot. Nothing is published.
    public Translation preview(Resources resources) {
        return translator.translate(resources);
    }

    @Override
    public void close() {
        source.close();
    }
}
