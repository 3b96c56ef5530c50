package dev.sluice.dataplane;

import dev.sluice.engine.FilterOrder;
import dev.sluice.engine.RulePolicies;
import dev.sluice.engine.Stage;
import dev.sluice.filter.Filters;
import dev.sluice.ir.AttachedPolicy;
import dev.sluice.ir.HttpFilter;
import java.util.List;

/// The order of stages, as the rules that serve have them. After all stages the mirrors get their
/// copies, then the Spring stage runs.
public record StageOrder(RulePolicies policies) implements RunOrder {

    private static final List<FilterOrder> ORDER = List.of(FilterOrder.values());
    private static final int MIRRORS = ORDER.size();
    private static final int SPRING = MIRRORS + 1;

    @Override
    public int of(HttpFilter filter) {
        Stage stage = Filters.stage(filter);
        if (stage != null) {
            return place(stage.order());
        }
        return switch (filter) {
            case HttpFilter.ExternalAuth _ -> place(FilterOrder.AUTHENTICATION);
            case HttpFilter.Mirror _ -> MIRRORS;
            default -> SPRING;
        };
    }

    @Override
    public int of(AttachedPolicy policy) {
        return place(policies.order(policy));
    }

    private static int place(FilterOrder order) {
        return ORDER.indexOf(order);
    }
}
