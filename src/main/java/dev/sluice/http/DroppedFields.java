package dev.sluice.http;

import dev.sluice.ir.FramingFields;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/// Framing fields ([FramingFields]) that a source known only at run time has set: they are dropped,
/// and counted by source.
public enum DroppedFields {
    /// The answer of an authorization server.
    EXTERNAL_AUTH,
    /// Filters of the Spring stage.
    SPRING_STAGE;

    @SuppressWarnings("ImmutableEnumChecker") // it only counts
    private final LongAdder count = new LongAdder();

    /// How many were dropped since the start.
    public double count() {
        return count.sum();
    }

    /// Whether a field may be set; where it may not, it counts as dropped.
    public boolean admits(String name) {
        boolean dropped = FramingFields.contains(name);
        if (dropped) {
            count.increment();
        }
        return !dropped;
    }

    /// Counts one.
    public void dropped() {
        count.increment();
    }

    /// Removes a Content-Length that is no length, or is there several times.
    public void checkLength(HttpHeaders headers) {
        List<String> lengths = headers.getAll(HttpHeaderNames.CONTENT_LENGTH);
        if (!lengths.isEmpty()
                && (lengths.size() > 1 || HttpSyntax.contentLength(lengths.get(0)) < 0)) {
            headers.remove(HttpHeaderNames.CONTENT_LENGTH);
            count.increment();
        }
    }
}
