package dev.sluice.route;

import dev.sluice.ir.AttachedPolicy;
import dev.sluice.ir.AttachedPolicy.Mode;
import dev.sluice.ir.Backend;
import dev.sluice.ir.HttpFilter;
import dev.sluice.ir.HttpRule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// What may refuse the requests of a rule: sections of policies that restrict and are enforced, and
/// external authorization, also of single backends.
///
/// @param all in an order that depends on nothing else
record Guards(List<Object> all) {

    static final Guards NONE = new Guards(List.of());

    /// A section, whatever it is attached to.
    private record Section(String kind, String section, String policy, Object value) {}

    Guards {
        all = List.copyOf(all);
    }

    static Guards of(HttpRule rule) {
        List<Object> all = new ArrayList<>();
        rule.policies().stream()
                .filter(one -> one.mode() == Mode.ENFORCE && one.value().restricts())
                .sorted(
                        Comparator.comparing(AttachedPolicy::kind)
                                .thenComparing(AttachedPolicy::section))
                .map(one -> new Section(one.kind(), one.section(), one.policy(), one.value()))
                .forEach(all::add);
        authorizations(rule.filters(), all);
        for (Backend backend : rule.backends()) {
            if (backend instanceof Backend.Forward forward) {
                authorizations(forward.filters(), all);
            }
        }
        return all.isEmpty() ? NONE : new Guards(all);
    }

    private static void authorizations(List<HttpFilter> filters, List<Object> to) {
        for (HttpFilter filter : filters) {
            if (filter instanceof HttpFilter.ExternalAuth) {
                to.add(filter);
            }
        }
    }
}
