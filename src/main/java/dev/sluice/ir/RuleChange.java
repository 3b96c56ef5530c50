package dev.sluice.ir;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// What a change did to the rules of listeners, by instance: translation keeps that of a rule which
/// did not change. To find it costs a look at each rule, and work for those only that differ.
///
/// @param gone rules that are not there any more
/// @param fresh rules that were not there before
public record RuleChange(Set<HttpRule> gone, Set<HttpRule> fresh) {

    /// @param before at most one of a name
    /// @param now at most one of a name
    public static RuleChange between(
            Collection<HttpListener> before, Collection<HttpListener> now) {
        Map<String, HttpListener> left = new HashMap<>();
        before.forEach(listener -> left.put(listener.name(), listener));
        Set<HttpRule> gone = Collections.newSetFromMap(new IdentityHashMap<>());
        Set<HttpRule> fresh = Collections.newSetFromMap(new IdentityHashMap<>());
        for (HttpListener listener : now) {
            HttpListener known = left.remove(listener.name());
            if (known == null) {
                rules(listener, fresh::add);
            } else {
                Difference difference = Difference.of(known.rules(), listener.rules());
                difference.before().forEach(attached -> gone.add(attached.rule()));
                difference.now().forEach(attached -> fresh.add(attached.rule()));
            }
        }
        left.values().forEach(listener -> rules(listener, gone::add));
        // Attached anew, or elsewhere still, is neither.
        if (!gone.isEmpty()) {
            now.forEach(listener -> rules(listener, gone::remove));
        }
        if (!fresh.isEmpty()) {
            before.forEach(listener -> rules(listener, fresh::remove));
        }
        return new RuleChange(gone, fresh);
    }

    private static void rules(HttpListener listener, Consumer<HttpRule> each) {
        for (AttachedRule attached : listener.rules()) {
            each.accept(attached.rule());
        }
    }

    public boolean isEmpty() {
        return gone.isEmpty() && fresh.isEmpty();
    }
}
