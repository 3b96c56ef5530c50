package dev.sluice.source.kubernetes;

import dev.sluice.resource.Kind;

/// Whether a kind is defined in the cluster. An API server that starts does not serve all its kinds
/// at once, so that it does not serve one is no proof that there is none.
interface KindPresence {

    enum DefinitionState {
        /// It is defined, whether or not it is served at this moment.
        DEFINED,
        /// There is no such kind.
        ABSENT,
        /// That has not been found out yet.
        UNKNOWN
    }

    DefinitionState of(Kind kind);
}
