package dev.sluice.translate;

import dev.sluice.translate.status.Rejection;
import org.jspecify.annotations.Nullable;

/// What is wrong with a route: the first rejection of each kind, since a condition has one reason.
final class Problems {

    private @Nullable Rejection unresolved;
    private @Nullable Rejection unsupported;

    void add(Rejection rejection) {
        if (rejection.isReference()) {
            if (unresolved == null) {
                unresolved = rejection;
            }
        } else if (unsupported == null) {
            unsupported = rejection;
        }
    }

    void unsupported(String message) {
        add(new Rejection("UnsupportedValue", message));
    }

    /// A reference that leads nowhere: it makes `ResolvedRefs` false.
    @Nullable Rejection unresolved() {
        return unresolved;
    }

    /// Something that cannot be served as written.
    @Nullable Rejection unsupported() {
        return unsupported;
    }
}
