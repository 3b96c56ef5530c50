package dev.sluice.route;

import static dev.sluice.route.TestRules.httpRule;
import static dev.sluice.route.TestRules.listener;
import static dev.sluice.route.TestRules.origin;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.ir.AttachedRule;
import dev.sluice.ir.HostPattern;
import dev.sluice.ir.HttpListener;
import dev.sluice.ir.HttpRule;
import dev.sluice.ir.RuleChange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What [RuleChange] finds without comparing all with all is what comparing all with all finds.
class RuleChangeTest {

    private final List<HttpRule> pool = new ArrayList<>();

    RuleChangeTest() {
        for (int i = 0; i < 30; i++) {
            // Some are equal, and never the same.
            pool.add(httpRule(origin("r" + i % 20, 0, Instant.EPOCH)));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void between_anyEdits_findsWhatCameAndWent(long seed) {
        Random random = new Random(seed);
        List<HttpListener> before = List.of();
        for (int i = 0; i < 2_000; i++) {
            List<HttpListener> now = random.nextInt(4) == 0 ? made(random) : edited(before, random);
            RuleChange change = RuleChange.between(before, now);
            assertThat(change.gone()).isEqualTo(minus(rules(before), rules(now)));
            assertThat(change.fresh()).isEqualTo(minus(rules(now), rules(before)));
            assertThat(change.isEmpty()).isEqualTo(rules(before).equals(rules(now)));
            before = now;
        }
    }

    private List<HttpListener> made(Random random) {
        List<HttpListener> listeners = new ArrayList<>();
        for (String name : List.of("a", "b", "c")) {
            if (random.nextInt(4) > 0) {
                AttachedRule[] rules = new AttachedRule[random.nextInt(6)];
                for (int i = 0; i < rules.length; i++) {
                    rules[i] = attached(random);
                }
                listeners.add(listener(name, rules));
            }
        }
        return listeners;
    }

    /// One listener with a rule more, less, or another one.
    private List<HttpListener> edited(List<HttpListener> before, Random random) {
        List<HttpListener> now = new ArrayList<>(before);
        if (!now.isEmpty()) {
            int index = random.nextInt(now.size());
            HttpListener old = now.get(index);
            List<AttachedRule> rules = new ArrayList<>(old.rules());
            int at = random.nextInt(rules.size() + 1);
            if (at < rules.size() && random.nextBoolean()) {
                rules.remove(at);
            }
            if (random.nextBoolean()) {
                rules.add(Math.min(at, rules.size()), attached(random));
            }
            now.set(index, new HttpListener(old.name(), old.hostname(), null, rules));
        }
        return now;
    }

    private AttachedRule attached(Random random) {
        return new AttachedRule(List.of(HostPattern.ANY), pool.get(random.nextInt(pool.size())));
    }

    private static Set<HttpRule> rules(List<HttpListener> listeners) {
        Set<HttpRule> all = Collections.newSetFromMap(new IdentityHashMap<>());
        listeners.forEach(one -> one.rules().forEach(attached -> all.add(attached.rule())));
        return all;
    }

    private static Set<HttpRule> minus(Set<HttpRule> all, Set<HttpRule> without) {
        Set<HttpRule> rest = Collections.newSetFromMap(new IdentityHashMap<>());
        all.forEach(rule -> {
            if (!without.contains(rule)) {
                rest.add(rule);
            }
        });
        return rest;
    }
}
