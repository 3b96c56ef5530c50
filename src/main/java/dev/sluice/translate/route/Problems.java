package dev.sluice.translate.route;

import dev.sluice.translate.status.Rejection;
import org.jspecify.annotations.Nullable;

/// What is wrong with a route: the first rejection of each kind, since a condition has one reason.
public final class Problems {

    private @Nullable Rejection unresolved;
    private @Nullable Rejection unsupported;

    public void add(Rejection rejection) {
        if (rejection.isReference()) {
            if (unresolved == null) {
                unresolved = rejection;
            }
        } else if (unsupported == null) {
            unsupported = rejection;
        }
    }

    public void unsupported(String message) {
        add(new Rejection("UnsupportedValue", message));
    }

    /// A reference that leads nowhere: it makes `ResolvedRefs` false.
    public @Nullable Rejection unresolved() {
        return unresolved;
    }

    /// Something that cannot be served as written.
    public @Nullable Rejection unsupported() {
        return unsupported;
    }
}
