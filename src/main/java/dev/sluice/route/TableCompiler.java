package dev.sluice.route;

import dev.sluice.ir.AttachedRule;
import dev.sluice.ir.Difference;
import dev.sluice.ir.HostPattern;
import dev.sluice.ir.HttpListener;
import dev.sluice.ir.HttpRule;
import dev.sluice.ir.Port;
import dev.sluice.ir.RuleChange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Makes one [RouteTable], from parts of the previous one where these would come out the same: work
/// goes into rules that changed, and into the hostnames that have them.
final class TableCompiler<R> {

    private final @Nullable RouteTable<R> previous;
    private final Function<? super HttpRule, ? extends R> target;
    private final RegexCache regexCache = new RegexCache();
    private final IdentityHashMap<HttpRule, List<Candidate<R>>> compiled;

    TableCompiler(
            @Nullable RouteTable<R> previous, Function<? super HttpRule, ? extends R> target) {
        this.previous = previous;
        this.target = target;
        this.compiled = previous == null ? new IdentityHashMap<>() : previous.compiled();
    }

    RouteTable<R> compile(Port port) {
        List<HttpListener> listeners = byHostname(port.httpListeners());
        if (previous != null) {
            List<HttpListener> before =
                    previous.listeners().stream().map(ListenerTable::listener).toList();
            RuleChange.between(before, listeners).gone().forEach(compiled::remove);
        }
        return new RouteTable<>(listeners.stream().map(this::table).toList(), compiled);
    }

    /// The first by name of each hostname.
    private static List<HttpListener> byHostname(List<HttpListener> listeners) {
        List<HttpListener> sorted = new ArrayList<>(listeners);
        sorted.sort(Comparator.comparing(HttpListener::hostname).thenComparing(HttpListener::name));
        Map<HostPattern, HttpListener> first = new LinkedHashMap<>();
        sorted.forEach(listener -> first.putIfAbsent(listener.hostname(), listener));
        return List.copyOf(first.values());
    }

    private ListenerTable<R> table(HttpListener listener) {
        ListenerTable<R> before = previous == null ? null : previous.at(listener.hostname());
        if (before == null) {
            Map<HostPattern, PathIndex<R>> indexes = new HashMap<>();
            groups(listener.rules(), null)
                    .forEach((hostname, group) -> indexes.put(hostname, new PathIndex<>(group)));
            return new ListenerTable<>(listener, new HostIndex<>(indexes));
        }
        Difference difference = Difference.of(before.listener().rules(), listener.rules());
        if (difference.isEmpty()) {
            return new ListenerTable<>(listener, before.hosts());
        }
        Set<HostPattern> touched = new HashSet<>();
        difference.before().forEach(attached -> touched.addAll(attached.hostnames()));
        difference.now().forEach(attached -> touched.addAll(attached.hostnames()));
        Map<HostPattern, PathIndex<R>> indexes = new HashMap<>(before.hosts().values());
        touched.forEach(indexes::remove);
        groups(listener.rules(), touched)
                .forEach((hostname, group) ->
                        indexes.put(hostname, index(before.hosts().at(hostname), group)));
        return new ListenerTable<>(listener, new HostIndex<>(indexes));
    }

    private PathIndex<R> index(@Nullable PathIndex<R> before, List<Candidate<R>> group) {
        return before != null && before.builtFrom(group) ? before : new PathIndex<>(group);
    }

    /// The rules by hostname.
    ///
    /// @param only these hostnames; null for all
    private Map<HostPattern, List<Candidate<R>>> groups(
            List<AttachedRule> rules, @Nullable Set<HostPattern> only) {
        Map<HostPattern, List<Candidate<R>>> groups = new HashMap<>();
        for (AttachedRule attached : rules) {
            for (HostPattern hostname : attached.hostnames()) {
                if (only == null || only.contains(hostname)) {
                    groups.computeIfAbsent(hostname, _ -> new ArrayList<>(2))
                            .addAll(candidates(attached.rule()));
                }
            }
        }
        return groups;
    }

    private List<Candidate<R>> candidates(HttpRule rule) {
        List<Candidate<R>> known = compiled.get(rule);
        if (known != null) {
            return known;
        }
        R compiledTo = target.apply(rule);
        Guards guards = Guards.of(rule);
        List<Candidate<R>> candidates = new ArrayList<>(rule.matches().size());
        for (int i = 0; i < rule.matches().size(); i++) {
            candidates.add(Candidate.of(rule, i, guards, compiledTo, regexCache));
        }
        compiled.put(rule, List.copyOf(candidates));
        return candidates;
    }
}
