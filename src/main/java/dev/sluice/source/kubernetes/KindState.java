package dev.sluice.source.kubernetes;

import org.jspecify.annotations.Nullable;

/// What is known of a kind. One value, so that nobody sees a half of a change.
///
/// @param read whether everything was read, and is kept up to date since
/// @param counted whether a snapshot may be made: everything was read once, or the kind is one that
///   a cluster may lack and was not installed. What counted once counts for ever
/// @param unreadable why there is nothing to read
/// @param broken what is wrong with the connection
record KindState(
        boolean read, boolean counted, @Nullable String unreadable, @Nullable String broken) {

    static final KindState UNREAD = new KindState(false, false, null, null);

    /// Of what nothing waits for.
    static final KindState UNAWAITED = new KindState(false, true, null, null);

    static final KindState READ = new KindState(true, true, null, null);

    /// The same, when there turned out to be something to read.
    KindState readable() {
        return new KindState(read, counted, null, null);
    }

    /// @param why null when nothing is wrong with the connection any more
    KindState broken(@Nullable String why) {
        return new KindState(read, counted, unreadable, why);
    }

    /// The kind is not installed.
    ///
    /// @param optional whether a cluster may lack it
    KindState absent(boolean optional) {
        return new KindState(false, counted || optional, "not installed", null);
    }

    /// We may not read it. That says nothing about what is there, so it is no reason to go on
    /// without.
    KindState forbidden() {
        return new KindState(false, counted, "forbidden", null);
    }
}
