package dev.sluice.source.kubernetes;

import dev.sluice.resource.ObjectRef;
import dev.sluice.source.IgnoredFields;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells of fields that are valid but have no effect here, once for each generation of an object.
/// Asked about objects only that we answer: those of other controllers and the Services of the
/// whole cluster are not ours to judge. Used by one thread.
final class IgnoredFieldReporter {

    private static final Logger LOG = LoggerFactory.getLogger(IgnoredFieldReporter.class);

    private final Map<ObjectRef, Long> reported = new HashMap<>();

    void report(ObjectRef ref, LiveObject liveObject) {
        long generation = liveObject.resource().metadata().generation();
        if (!liveObject.idle().isEmpty()
                && !Long.valueOf(generation).equals(reported.put(ref, generation))) {
            LOG.warn("{}: {}", ref, IgnoredFields.message(liveObject.idle()));
        }
    }

    void retain(Set<ObjectRef> refs) {
        reported.keySet().retainAll(refs);
    }
}
