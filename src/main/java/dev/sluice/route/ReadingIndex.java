package dev.sluice.route;

import dev.sluice.path.PathReading;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Finds the best candidate of one hostname as a backend reads paths: the request's, and those of
/// the rules.
///
/// Few rules have paths that can be read otherwise than they stand. Those are indexed once more for
/// each reading that is asked for, at most as many as [PathReading] knows.
final class ReadingIndex<R> {

    private final PathIndex<R> index;
    private final List<Candidate<R>> readable;
    private final int traits;
    private final Map<PathReading, PathIndex<R>> read = new ConcurrentHashMap<>();

    ReadingIndex(PathIndex<R> index, List<Candidate<R>> candidates) {
        this.index = index;
        this.readable = candidates.stream().filter(one -> one.traits() != 0).toList();
        this.traits = readable.stream().mapToInt(Candidate::traits).reduce(0, (a, b) -> a | b);
    }

    /// The traits of the rules' paths.
    int traits() {
        return traits;
    }

    /// The best candidate, null if none takes the request.
    ///
    /// @param path of the request as it is read
    @Nullable Candidate<R> find(RequestView request, PathReading reading, String path) {
        Candidate<R> plain = index.find(request, path);
        if ((traits & reading.traits()) == 0) {
            return plain;
        }
        Candidate<R> other = read.computeIfAbsent(reading, this::readBy).find(request, path);
        return plain == null || other != null && Precedence.order(other, plain) < 0 ? other : plain;
    }

    private PathIndex<R> readBy(PathReading reading) {
        return new PathIndex<>(readable.stream().map(one -> one.readBy(reading)).toList());
    }
}
