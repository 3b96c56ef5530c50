package dev.sluice.source.kubernetes;

import dev.sluice.observe.UnexpectedErrors;
import dev.sluice.resource.Kind;
import dev.sluice.source.kubernetes.api.ApiConnections;
import dev.sluice.source.kubernetes.api.RequestThrottle;

/// Makes watches of kinds that are read in part. They are known to be defined.
///
/// @param connections of the watches, each of which takes a stream for as long as it lasts
/// @param changes notified of what happens to the objects
/// @param rate of all watches together
/// @param budget of namespaces
/// @param errors receives unexpected errors
record WatchFactory(
        ApiConnections connections,
        KindStore.Changes changes,
        RequestThrottle rate,
        NamespaceBudget budget,
        UnexpectedErrors errors) {

    KindStore store(Kind kind) {
        return new KindStore(kind, changes, budget, errors);
    }

    /// Starts a watch, on a connection that has room for it.
    ///
    /// @param store where its objects go
    <S extends WatchStore> PartialWatch<S> start(Kind kind, WatchSelector of, S store) {
        ApiConnections.ApiConnection connection = connections.take();
        KindWatch<S> watch =
                new KindWatch<>(
                        connection.server(),
                        kind,
                        of,
                        store,
                        changes,
                        _ -> KindPresence.DefinitionState.DEFINED,
                        rate,
                        errors);
        watch.start();
        return new PartialWatch<>(watch, () -> connections.release(connection));
    }
}
