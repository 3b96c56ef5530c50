package dev.sluice.dataplane;

import dev.sluice.engine.FilterOrder;
import dev.sluice.engine.RulePolicies;
import dev.sluice.filter.ExternalAuthStage;
import dev.sluice.filter.Filters;
import dev.sluice.ir.AttachedPolicy;
import dev.sluice.ir.HttpFilter;
import java.util.List;
import java.util.Objects;

/// Where the parts of a rule stand on the way of a request to the backend: smaller numbers run
/// first, equal ones in the order in which they were written. Stages stand as in the rules that
/// serve; after all of them the mirrors get their copies, then the Spring stage runs.
public record StageOrder(RulePolicies policies) {

    private static final List<FilterOrder> ORDER = List.of(FilterOrder.values());
    private static final int MIRRORS = ORDER.size();
    private static final int SPRING = MIRRORS + 1;

    public int of(HttpFilter filter) {
        return switch (filter) {
            case HttpFilter.RequestHeaders _,
                    HttpFilter.ResponseHeaders _,
                    HttpFilter.Redirect _,
                    HttpFilter.Rewrite _,
                    HttpFilter.Cors _ ->
                    place(Objects.requireNonNull(Filters.stage(filter)).order());
            case HttpFilter.ExternalAuth _ -> place(ExternalAuthStage.ORDER);
            case HttpFilter.Mirror _ -> MIRRORS;
            case HttpFilter.Spring _ -> SPRING;
        };
    }

    public int of(AttachedPolicy policy) {
        return place(policies.order(policy));
    }

    private static int place(FilterOrder order) {
        return ORDER.indexOf(order);
    }
}
