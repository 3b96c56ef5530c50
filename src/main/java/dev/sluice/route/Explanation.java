package dev.sluice.route;

import dev.sluice.ir.HostPattern;
import dev.sluice.ir.HttpListener;
import dev.sluice.ir.HttpMatch;
import dev.sluice.ir.HttpRule;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Why a request gets the rule that it gets, or none.
///
/// @param listeners the most specific hostname first; those that take the host, then others up to
///   the limit of [Explain]
/// @param listenersTotal how many the port has
/// @param candidates in order of precedence; the nearest ones, up to the limit of [Explain]
/// @param totals of all candidates of the chosen listener, reported here or not
/// @param otherReading why the request is refused although a candidate wins, null when it is not
public record Explanation(
        List<Contender> listeners,
        int listenersTotal,
        List<Step> candidates,
        Totals totals,
        @Nullable OtherReading otherReading) {

    public Explanation {
        listeners = List.copyOf(listeners);
        candidates = List.copyOf(candidates);
    }

    /// The listener that the request belongs to.
    public Optional<HttpListener> listener() {
        return listeners.stream().filter(Contender::chosen).map(Contender::listener).findFirst();
    }

    /// The candidate that takes the request.
    public Optional<Step> winner() {
        return candidates.stream()
                .filter(step -> step.candidateOutcome() instanceof Wins)
                .findFirst();
    }

    /// A listener of the port.
    ///
    /// @param listener who
    /// @param chosen whether the request belongs to it
    /// @param reason why, or why not
    public record Contender(HttpListener listener, boolean chosen, String reason) {}

    /// A match of a rule under one of its hostnames.
    ///
    /// @param hostname the hostname that ranks it
    /// @param rule the rule
    /// @param index of the match in the rule
    /// @param candidateOutcome how it fared
    public record Step(
            HostPattern hostname, HttpRule rule, int index, CandidateOutcome candidateOutcome) {

        /// The conditions.
        public HttpMatch match() {
            return rule.matches().get(index);
        }
    }

    /// How a candidate fared.
    public sealed interface CandidateOutcome {}

    /// It takes the request.
    public record Wins() implements CandidateOutcome {}

    /// All conditions are met, but another candidate comes first.
    ///
    /// @param reason what decided
    public record Outranked(String reason) implements CandidateOutcome {}

    /// A condition is not met.
    ///
    /// @param conditionKind the first such condition
    /// @param reason what was expected, and what was there
    public record Fails(ConditionKind conditionKind, String reason) implements CandidateOutcome {}

    /// Its regular expression takes too much work for this request, which ends the search: no rule.
    ///
    /// @param reason which expression
    public record GivesUp(String reason) implements CandidateOutcome {}

    /// What a condition is about, in the order in which conditions are looked at.
    public enum ConditionKind {
        HOSTNAME,
        PATH,
        METHOD,
        HEADER,
        QUERY
    }

    /// Numbers of candidates.
    ///
    /// @param candidates all
    /// @param failed those that fail, by the first condition that is not met
    /// @param outranked those that take the request but do not come first
    public record Totals(int candidates, Map<ConditionKind, Integer> failed, int outranked) {
        public Totals {
            failed = Collections.unmodifiableMap(new TreeMap<>(failed));
        }
    }
}
