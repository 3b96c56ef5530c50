package dev.sluice.route;

import dev.sluice.ir.AttachedRule;
import dev.sluice.ir.HostPattern;
import dev.sluice.ir.HttpListener;
import dev.sluice.ir.HttpRule;
import dev.sluice.ir.Listener;
import dev.sluice.ir.Port;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Makes one [RouteTable], from parts of the previous one where these would come out the same.
final class TableCompiler<R> {

    private final @Nullable RouteTable<R> previous;
    private final Function<? super HttpRule, ? extends R> target;
    private final Expressions expressions = new Expressions();
    private final IdentityHashMap<HttpRule, List<Candidate<R>>> compiled = new IdentityHashMap<>();

    TableCompiler(
            @Nullable RouteTable<R> previous, Function<? super HttpRule, ? extends R> target) {
        this.previous = previous;
        this.target = target;
    }

    RouteTable<R> compile(Port port) {
        List<HttpListener> listeners = new ArrayList<>();
        for (Listener listener : port.listeners()) {
            switch (listener) {
                case HttpListener http -> listeners.add(http);
            }
        }
        listeners.sort(
                Comparator.comparing(HttpListener::hostname).thenComparing(HttpListener::name));
        return new RouteTable<>(listeners.stream().map(this::table).toList(), compiled);
    }

    private ListenerTable<R> table(HttpListener listener) {
        Map<HostPattern, List<Candidate<R>>> groups = new HashMap<>();
        for (AttachedRule attached : listener.rules()) {
            List<Candidate<R>> candidates =
                    compiled.computeIfAbsent(attached.rule(), this::candidates);
            for (HostPattern hostname : attached.hostnames()) {
                groups.computeIfAbsent(hostname, _ -> new ArrayList<>(2)).addAll(candidates);
            }
        }
        ListenerTable<R> before = previous == null ? null : previous.at(listener.hostname());
        Map<HostPattern, PathIndex<R>> indexes = HashMap.newHashMap(groups.size());
        groups.forEach((hostname, group) -> indexes.put(hostname, index(before, hostname, group)));
        return new ListenerTable<>(listener, new HostIndex<>(indexes));
    }

    private PathIndex<R> index(
            @Nullable ListenerTable<R> before, HostPattern hostname, List<Candidate<R>> group) {
        PathIndex<R> same = before == null ? null : before.hosts().at(hostname);
        return same != null && same.builtFrom(group) ? same : new PathIndex<>(group);
    }

    private List<Candidate<R>> candidates(HttpRule rule) {
        List<Candidate<R>> known = previous == null ? null : previous.candidates(rule);
        if (known != null) {
            return known;
        }
        R compiledTo = target.apply(rule);
        List<Candidate<R>> candidates = new ArrayList<>(rule.matches().size());
        for (int i = 0; i < rule.matches().size(); i++) {
            candidates.add(Candidate.of(rule, i, compiledTo, expressions));
        }
        return List.copyOf(candidates);
    }
}
