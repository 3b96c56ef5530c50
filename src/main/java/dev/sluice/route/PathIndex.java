package dev.sluice.route;

import dev.sluice.ir.PathMatch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Finds the best candidate of one hostname.
///
/// Exact paths are in a hash table. So are prefixes, without their trailing slash: one pass over
/// the path asks for the region before each slash, so the cost depends on the path alone. Each
/// prefix knows the next shorter one, so going on there needs no look-up. Expressions have to be
/// tried in turn, and are few. See [Precedence] for the order.
final class PathIndex<R> {

    private final List<Candidate<R>> candidates;
    private final Map<String, List<Candidate<R>>> exact;
    private final List<Candidate<R>> expressions;
    private final RegionMap<Nested<List<Candidate<R>>>> prefixes;
    private final @Nullable Nested<List<Candidate<R>>> root;
    private final @Nullable Guards guards;
    private @Nullable ReadingIndex<R> readings;

    PathIndex(List<Candidate<R>> candidates) {
        this.candidates = List.copyOf(candidates);
        guards = commonOf(candidates);
        Map<String, List<Candidate<R>>> byExact = new HashMap<>();
        Map<String, List<Candidate<R>>> byPrefix = new HashMap<>();
        List<Candidate<R>> byExpression = new ArrayList<>();
        for (Candidate<R> candidate : candidates) {
            List<Candidate<R>> group =
                    switch (candidate.match().path()) {
                        case PathMatch.Exact _ -> group(byExact, candidate);
                        case PathMatch.Regex _ -> byExpression;
                        case PathMatch.Prefix _ -> group(byPrefix, candidate);
                    };
            group.add(candidate);
        }
        byExact.replaceAll((_, group) -> sorted(group));
        exact = Map.copyOf(byExact);
        expressions = sorted(byExpression);
        Map<String, Nested<List<Candidate<R>>>> nested = nested(byPrefix);
        root = nested.remove("");
        prefixes = new RegionMap<>(nested, PathIndex::hash);
    }

    private static <R> List<Candidate<R>> group(
            Map<String, List<Candidate<R>>> groups, Candidate<R> candidate) {
        return groups.computeIfAbsent(candidate.path(), _ -> new ArrayList<>(1));
    }

    private static <R> List<Candidate<R>> sorted(List<Candidate<R>> group) {
        group.sort(Precedence::order);
        return List.copyOf(group);
    }

    // Shorter ones first, so that each one finds the wider ones made.
    private static <R> Map<String, Nested<List<Candidate<R>>>> nested(
            Map<String, List<Candidate<R>>> groups) {
        List<String> keys = new ArrayList<>(groups.keySet());
        keys.sort(Comparator.comparingInt(String::length));
        Map<String, Nested<List<Candidate<R>>>> made = HashMap.newHashMap(groups.size());
        for (String key : keys) {
            Nested<List<Candidate<R>>> wider = null;
            for (int end = key.length(); wider == null && end > 0; ) {
                end = key.lastIndexOf('/', end - 1);
                wider = made.get(key.substring(0, Math.max(end, 0)));
            }
            List<Candidate<R>> group = groups.getOrDefault(key, List.of());
            made.put(key, new Nested<>(sorted(group), wider));
        }
        return made;
    }

    private static @Nullable Guards commonOf(List<? extends Candidate<?>> candidates) {
        Guards common = candidates.isEmpty() ? Guards.NONE : candidates.getFirst().guards();
        return candidates.stream().allMatch(one -> one.guards().equals(common)) ? common : null;
    }

    /// What guards all its rules, null where that is not the same.
    @Nullable Guards guards() {
        return guards;
    }

    /// The same candidates by the readings of paths.
    ReadingIndex<R> readings() {
        ReadingIndex<R> known = readings;
        if (known == null) {
            known = new ReadingIndex<>(this, candidates);
            readings = known;
        }
        return known;
    }

    /// All candidates, in no particular order.
    List<Candidate<R>> candidates() {
        return candidates;
    }

    /// Whether this index was built from the same candidates in the same order.
    // By identity: an equal candidate may belong to another instance of the rule.
    @SuppressWarnings("ReferenceEquality")
    boolean builtFrom(List<Candidate<R>> others) {
        if (candidates.size() != others.size()) {
            return false;
        }
        for (int i = 0; i < others.size(); i++) {
            if (candidates.get(i) != others.get(i)) {
                return false;
            }
        }
        return true;
    }

    /// The best candidate, null if none takes the request.
    ///
    /// @param path the request's, as it stands or as a backend reads it
    @Nullable Candidate<R> find(RequestView request, String path) {
        List<Candidate<R>> same = exact.get(path);
        Candidate<R> found = same == null ? null : first(same, request);
        if (found == null && !expressions.isEmpty()) {
            found = firstExpression(path, request);
        }
        if (found == null) {
            Nested<List<Candidate<R>>> prefix = longestPrefix(path);
            while (found == null && prefix != null) {
                found = first(prefix.value(), request);
                prefix = prefix.wider();
            }
        }
        return found;
    }

    private static <R> @Nullable Candidate<R> first(
            List<Candidate<R>> candidates, RequestView request) {
        for (int i = 0; i < candidates.size(); i++) {
            Candidate<R> candidate = candidates.get(i);
            if (candidate.takes(request)) {
                return candidate;
            }
        }
        return null;
    }

    private @Nullable Candidate<R> firstExpression(String path, RequestView request) {
        BoundedRegex tried = null;
        boolean matches = false;
        for (int i = 0; i < expressions.size(); i++) {
            Candidate<R> candidate = expressions.get(i);
            BoundedRegex boundedRegex = candidate.boundedRegex();
            if (boundedRegex != null && boundedRegex != tried) {
                tried = boundedRegex;
                matches = boundedRegex.matches(path);
            }
            if (matches && candidate.takes(request)) {
                return candidate;
            }
        }
        return null;
    }

    private @Nullable Nested<List<Candidate<R>>> longestPrefix(String path) {
        Nested<List<Candidate<R>>> best = root;
        int length = path.length();
        int end = Math.min(length, prefixes.longest());
        int hash = 0;
        for (int i = 0; i <= end; i++) {
            char c = i < length ? path.charAt(i) : '/';
            if (c == '/' && i > 0) {
                Nested<List<Candidate<R>>> longer = prefixes.get(path, 0, i, hash);
                best = longer != null ? longer : best;
            }
            hash = 31 * hash + c;
        }
        return best;
    }

    private static int hash(String text) {
        int hash = 0;
        for (int i = 0; i < text.length(); i++) {
            hash = 31 * hash + text.charAt(i);
        }
        return hash;
    }
}
