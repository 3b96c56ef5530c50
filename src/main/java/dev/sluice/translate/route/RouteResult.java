package dev.sluice.translate.route;

import dev.sluice.finding.Finding;
import dev.sluice.ir.AttachedRule;
import dev.sluice.ir.HttpRule;
import dev.sluice.resource.Condition;
import dev.sluice.resource.ConditionType;
import dev.sluice.resource.NamespacedName;
import dev.sluice.resource.ObjectRef;
import dev.sluice.resource.Status;
import dev.sluice.translate.backend.Dependencies;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What came of a route.
///
/// @param ref the route
/// @param dependencies the Services that it rests on
/// @param attached its rules by listener
/// @param affected what its status says of policies
/// @param status null when none of its parents is ours
/// @param rejected whether it is not served as it was written
/// @param findings all that is wrong with it
public record RouteResult(
        ObjectRef ref,
        Dependencies dependencies,
        List<ListenerRules> attached,
        List<Condition> affected,
        Status.@Nullable OfRoute status,
        boolean rejected,
        List<Finding> findings) {

    public RouteResult {
        findings = List.copyOf(findings);
    }

    static RouteResult of(
            ObjectRef ref,
            Dependencies dependencies,
            List<ListenerRules> attached,
            List<Condition> affected,
            Status.OfRoute status,
            List<Finding> findings) {
        return new RouteResult(
                ref, dependencies, attached, affected, status, isRejected(status), findings);
    }

    /// The rules on one listener.
    ///
    /// @param gateway that the listener is of
    /// @param listener index in the listeners of the Gateway's state
    record ListenerRules(NamespacedName gateway, int listener, List<AttachedRule> rules) {}

    public Stream<HttpRule> rules() {
        return attached.stream().flatMap(on -> on.rules().stream()).map(AttachedRule::rule);
    }

    static boolean isRejected(Status.OfRoute status) {
        return status.parents().stream()
                .flatMap(parent -> parent.conditions().stream())
                .anyMatch(ConditionType::isBad);
    }
}
