package dev.sluice.ir;

import java.util.List;

/// Where two lists of rules differ, by instance: what is between the beginning and the end that
/// they share.
///
/// @param before this part of the one list
/// @param now has become this part of the other
public record Difference(List<AttachedRule> before, List<AttachedRule> now) {

    @SuppressWarnings("ReferenceEquality") // an equal rule may be another instance
    public static Difference of(List<AttachedRule> before, List<AttachedRule> now) {
        int shorter = Math.min(before.size(), now.size());
        int start = 0;
        while (start < shorter && before.get(start) == now.get(start)) {
            start++;
        }
        int end = 0;
        while (end < shorter - start
                && before.get(before.size() - 1 - end) == now.get(now.size() - 1 - end)) {
            end++;
        }
        return new Difference(
                before.subList(start, before.size() - end), now.subList(start, now.size() - end));
    }

    public boolean isEmpty() {
        return before.isEmpty() && now.isEmpty();
    }
}
