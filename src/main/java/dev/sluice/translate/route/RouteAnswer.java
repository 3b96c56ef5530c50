package dev.sluice.translate.route;

import dev.sluice.resource.Condition;
import dev.sluice.resource.ConditionType;
import dev.sluice.resource.Route;
import dev.sluice.resource.Status;
import dev.sluice.translate.status.Conditions;
import dev.sluice.translate.status.Rejection;
import java.util.ArrayList;
import java.util.List;

/// What the status of a route says for one of its parents.
final class RouteAnswer {

    private RouteAnswer() {}

    /// @param controller our name
    /// @param serves whether a rule of the route is served, if only by errors
    /// @param affected conditions about policies
    static Status.OfParent of(
            Route route,
            Route.ParentRef parent,
            String controller,
            Attachment attachment,
            Problems problems,
            boolean serves,
            List<Condition> affected) {
        long generation = route.metadata().generation();
        Rejection unsupported = problems.unsupported();
        Rejection rejection =
                attachment.rejection() != null
                        ? attachment.rejection()
                        : serves ? Rejection.refused(route.metadata()) : unsupported;
        List<Condition> conditions = new ArrayList<>();
        conditions.add(Conditions.of(ConditionType.ACCEPTED, rejection, generation));
        conditions.add(
                Conditions.of(ConditionType.RESOLVED_REFS, problems.unresolved(), generation));
        if (unsupported != null && rejection == null) {
            conditions.add(Conditions.of(ConditionType.PARTIALLY_INVALID, unsupported, generation));
        }
        conditions.addAll(affected);
        return new Status.OfParent(parent, controller, conditions);
    }
}
