package dev.sluice.route;

import dev.sluice.ir.HostPattern;
import dev.sluice.ir.HttpListener;
import dev.sluice.route.Explanation.CandidateOutcome;
import dev.sluice.route.Explanation.ConditionKind;
import dev.sluice.route.Explanation.Contender;
import dev.sluice.route.Explanation.Fails;
import dev.sluice.route.Explanation.GivesUp;
import dev.sluice.route.Explanation.Outranked;
import dev.sluice.route.Explanation.Step;
import dev.sluice.route.Explanation.Totals;
import dev.sluice.route.Explanation.Wins;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Explains what a table finds for a request, by looking at every candidate of the listener rather
/// than at those that the indexes lead to.
///
/// Ten thousand losers help nobody, so only the nearest ones are reported: first those that take
/// the request as well, then those that fail on query, header, method, on the path (the more of it
/// is the same, the nearer), on the hostname; [Totals] counts them all.
public final class Explain {

    private static final int DEFAULT_LIMIT = 20;

    private final RequestView request;
    private final FirstMismatch failures;
    private final int limit;

    private Explain(RequestView request, int limit) {
        this.request = request;
        this.limit = limit;
        failures = new FirstMismatch(request);
    }

    /// With up to 20 listeners and candidates.
    public static Explanation explain(RequestView request, RouteTable<?> table) {
        return explain(request, table, DEFAULT_LIMIT);
    }

    /// @param limit how many candidates and listeners are reported; the winner and the chosen one
    ///   always are
    public static Explanation explain(RequestView request, RouteTable<?> table, int limit) {
        return new Explain(request, Math.max(1, limit)).of(table);
    }

    private Explanation of(RouteTable<?> table) {
        ListenerTable<?> chosen = table.listener(request.host());
        List<Judged> judged = chosen == null ? List.of() : judge(ranked(chosen));
        return new Explanation(
                contenders(table, chosen),
                table.listeners().size(),
                nearest(judged),
                totals(judged),
                chosen == null ? null : chosen.otherReading(request));
    }

    private List<Contender> contenders(RouteTable<?> table, @Nullable ListenerTable<?> chosen) {
        List<Contender> taking = new ArrayList<>();
        List<Contender> others = new ArrayList<>();
        for (ListenerTable<?> each : table.listeners()) {
            HttpListener listener = each.listener();
            if (chosen == null || !listener.hostname().matches(request.host())) {
                others.add(new Contender(listener, false, hostText(listener, "does not take")));
            } else if (taking.isEmpty()) {
                String reason = hostText(listener, "is the most specific one that takes");
                taking.add(new Contender(listener, true, reason));
            } else {
                String better = ", but " + chosen.listener().hostname() + " is more specific";
                taking.add(new Contender(listener, false, hostText(listener, "takes") + better));
            }
        }
        others.stream().limit(Math.max(0, limit - taking.size())).forEach(taking::add);
        return taking;
    }

    private String hostText(HttpListener listener, String verb) {
        return "hostname %s %s host '%s'".formatted(listener.hostname(), verb, request.host());
    }

    private static List<Ranked> ranked(ListenerTable<?> table) {
        Set<HostPattern> hostnames = new HashSet<>();
        table.listener().rules().forEach(attached -> hostnames.addAll(attached.hostnames()));
        List<Ranked> ranked = new ArrayList<>();
        for (HostPattern hostname : hostnames) {
            PathIndex<?> paths = Objects.requireNonNull(table.hosts().at(hostname));
            paths.candidates().forEach(each -> ranked.add(new Ranked(hostname, each)));
        }
        ranked.sort(
                Comparator.comparing(Ranked::hostname)
                        .thenComparing(Ranked::candidate, Precedence::order));
        return ranked;
    }

    private List<Judged> judge(List<Ranked> ranked) {
        List<Judged> judged = new ArrayList<>(ranked.size());
        Judged end = null;
        for (Ranked each : ranked) {
            Judged next = new Judged(each, outcome(each, end));
            end = end == null && next.endsSearch() ? next : end;
            judged.add(next);
        }
        return judged;
    }

    private CandidateOutcome outcome(Ranked ranked, @Nullable Judged end) {
        try {
            Fails failure = failures.of(ranked.hostname(), ranked.candidate());
            if (failure != null) {
                return failure;
            }
            return end == null ? new Wins() : new Outranked(reason(end, ranked));
        } catch (BoundedRegex.Undecided e) {
            return end == null ? new GivesUp(e.reason()) : new Outranked(reason(end, ranked));
        }
    }

    private static String reason(Judged end, Ranked loser) {
        Ranked winner = end.ranked();
        String decided =
                winner.hostname().equals(loser.hostname())
                        ? Precedence.between(winner.candidate(), loser.candidate()).reason()
                        : "the more specific hostname comes first";
        return winner.candidate().routeEntry().rule().origin() + " comes first: " + decided;
    }

    private List<Step> nearest(List<Judged> judged) {
        Set<Judged> near = Collections.newSetFromMap(new IdentityHashMap<>());
        judged.stream()
                .sorted(Comparator.comparingInt(each -> each.distance(request.path())))
                .limit(limit)
                .forEach(near::add);
        return judged.stream().filter(near::contains).map(Judged::step).toList();
    }

    private static Totals totals(List<Judged> judged) {
        Map<ConditionKind, Integer> failed = new EnumMap<>(ConditionKind.class);
        int outranked = 0;
        for (Judged each : judged) {
            switch (each.candidateOutcome()) {
                case Fails fails -> failed.merge(fails.conditionKind(), 1, Integer::sum);
                case Outranked _ -> outranked++;
                case Wins _, GivesUp _ -> {}
            }
        }
        return new Totals(judged.size(), failed, outranked);
    }

    private record Ranked(HostPattern hostname, Candidate<?> candidate) {}

    private record Judged(Ranked ranked, CandidateOutcome candidateOutcome) {

        boolean endsSearch() {
            return candidateOutcome instanceof Wins || candidateOutcome instanceof GivesUp;
        }

        Step step() {
            return new Step(
                    ranked.hostname(),
                    ranked.candidate().routeEntry().rule(),
                    ranked.candidate().index(),
                    candidateOutcome);
        }

        /// How far from winning, for sorting.
        int distance(String path) {
            return switch (candidateOutcome) {
                case Wins _, GivesUp _ -> 0;
                case Outranked _ -> 1;
                case Fails(ConditionKind conditionKind, _) ->
                        switch (conditionKind) {
                            case QUERY -> 2;
                            case HEADER -> 3;
                            case METHOD -> 4;
                            case PATH -> Integer.MAX_VALUE - 1 - common(path);
                            case HOSTNAME -> Integer.MAX_VALUE;
                        };
            };
        }

        // How many leading characters are the same.
        private int common(String path) {
            String own = ranked.candidate().path();
            int end = Math.min(own.length(), path.length());
            int i = 0;
            while (i < end && own.charAt(i) == path.charAt(i)) {
                i++;
            }
            return i;
        }
    }
}
