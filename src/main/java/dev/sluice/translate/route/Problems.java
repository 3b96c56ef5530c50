package dev.sluice.translate.route;

import dev.sluice.translate.status.Rejection;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is wrong with a route. Conditions report the first rejection of each kind, since they have
/// one reason; findings report all.
public final class Problems {

    private final Set<Rejection> all = new LinkedHashSet<>();
    private @Nullable Rejection unresolved;
    private @Nullable Rejection unsupported;

    public void add(Rejection rejection) {
        all.add(rejection);
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

    /// Everything that is wrong, in the order in which it was found.
    public Set<Rejection> all() {
        return all;
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
