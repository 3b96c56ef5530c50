package dev.sluice.route;

import dev.sluice.ir.HostPattern;
import dev.sluice.ir.HttpRule;
import dev.sluice.ir.Port;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The rules of one port, compiled so that finding the one that takes a request costs the same for
/// one route as for ten thousand, and makes no garbage.
///
/// A request belongs to the listener with the most specific hostname that takes its host. There,
/// [HostIndex] leads to the rules of the most specific hostname, [PathIndex] to those of the best
/// path, sorted by [Precedence]; the first one whose other conditions are met wins.
///
/// Immutable: changes make a new table, and a request keeps the one that it started with.
///
/// @param <R> what rules are compiled to
public final class RouteTable<R> {

    private final List<ListenerTable<R>> listeners;
    private final HostIndex<ListenerTable<R>> byHost;
    private final IdentityHashMap<HttpRule, List<Candidate<R>>> compiled;

    /// @param listeners by hostname, the most specific first
    /// @param compiled handed over
    RouteTable(
            List<ListenerTable<R>> listeners,
            IdentityHashMap<HttpRule, List<Candidate<R>>> compiled) {
        Map<HostPattern, ListenerTable<R>> byHostname = HashMap.newHashMap(listeners.size());
        listeners.forEach(table -> byHostname.put(table.listener().hostname(), table));
        this.listeners = List.copyOf(listeners);
        this.byHost = new HostIndex<>(byHostname);
        this.compiled = compiled;
    }

    /// Compiles the rules of a port.
    ///
    /// @param target what a rule becomes; called once per instance of a rule, however often it is
    ///   attached
    public static <R> RouteTable<R> compile(
            Port port, Function<? super HttpRule, ? extends R> target) {
        return new TableCompiler<R>(null, target).compile(port);
    }

    /// Compiles the rules of a port after a change: equal to [#compile], but what did not change is
    /// taken from the table before.
    ///
    /// @param previous the table of the same port before the change
    /// @param target as for [#compile], called for those instances of rules only that `previous`
    ///   does not know; the others keep their targets
    public static <R> RouteTable<R> recompile(
            RouteTable<R> previous, Port port, Function<? super HttpRule, ? extends R> target) {
        return new TableCompiler<R>(previous, target).compile(port);
    }

    /// The listener that requests for a host belong to, null if none takes it.
    ///
    /// @param host in lower case, without port
    public @Nullable ListenerTable<R> listener(String host) {
        Nested<ListenerTable<R>> found = byHost.find(host);
        return found == null ? null : found.value();
    }

    /// The listener with exactly this hostname.
    @Nullable ListenerTable<R> at(HostPattern hostname) {
        return byHost.at(hostname);
    }

    /// What all its rules were compiled to; the caller may change it.
    @SuppressWarnings("unchecked") // what is cloned
    IdentityHashMap<HttpRule, List<Candidate<R>>> compiled() {
        return (IdentityHashMap<HttpRule, List<Candidate<R>>>) compiled.clone();
    }

    /// All listeners, the most specific hostname first.
    List<ListenerTable<R>> listeners() {
        return listeners;
    }
}
