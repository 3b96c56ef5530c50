package dev.sluice.source.kubernetes;

import dev.sluice.resource.ObjectRef;
import dev.sluice.source.kubernetes.api.ApiServer;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// An object that something refers to, read by itself whenever it is due.
final class ReferencedValue {

    private final ObjectRef ref;
    private @Nullable String version;
    private @Nullable String broken;
    private boolean forbidden;
    private boolean due;
    private boolean reading;
    private boolean ended;

    ReferencedValue(ObjectRef ref) {
        this.ref = ref;
    }

    ObjectRef ref() {
        return ref;
    }

    /// Whether it is known what there is, or why that cannot be known for now.
    synchronized boolean isSettled() {
        return version != null || broken != null;
    }

    synchronized boolean isRead() {
        return version != null;
    }

    /// Whether nobody has begun to read it.
    synchronized boolean isUntried() {
        return version == null && !reading;
    }

    /// Whether it may not be read by itself.
    synchronized boolean isForbidden() {
        return forbidden;
    }

    /// Why it could not be read; null when it could.
    synchronized @Nullable String broken() {
        return broken;
    }

    /// Whether a version that somebody heard of is news.
    ///
    /// @param heard empty when there is no such object
    synchronized boolean isNews(String heard) {
        return version == null
                || heard.isEmpty() != version.isEmpty()
                || KindStore.isOlder(version, heard);
    }

    /// It has to be read.
    ///
    /// @return whether the caller has to begin with that
    synchronized boolean due() {
        due = true;
        boolean begin = !reading && !ended;
        reading |= begin;
        return begin;
    }

    /// Whether the reader has to read it, once more.
    synchronized boolean goesOn() {
        reading = due && !ended;
        due = false;
        return reading;
    }

    /// Takes over what the API server answered.
    ///
    /// @return whether it was not settled before, or is forbidden now
    synchronized boolean take(ApiServer.ApiResponse response, KindStore values) throws IOException {
        if (ended) {
            return false;
        }
        boolean before = isSettled();
        switch (response.code()) {
            case ApiServer.FORBIDDEN -> {
                forbidden = true;
                broken = "forbidden";
                return true;
            }
            case ApiServer.NOT_FOUND -> {
                version = "";
                values.remove(ref);
            }
            default -> {
                JsonNode object = response.orThrow(ref.toString());
                version = KindStore.version(object);
                values.put(object);
            }
        }
        broken = null;
        return !before;
    }

    /// It could not be read, and is to be read again.
    ///
    /// @return whether that is new
    synchronized boolean failed(String why) {
        boolean first = broken == null;
        broken = why;
        due = true;
        return first;
    }

    /// Nothing refers to it any more: no answer is taken after this.
    synchronized void end() {
        ended = true;
    }
}
