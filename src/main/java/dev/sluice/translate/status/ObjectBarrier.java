package dev.sluice.translate.status;

import dev.sluice.finding.Finding;
import dev.sluice.resource.Condition;
import dev.sluice.resource.ConditionType;
import dev.sluice.resource.Gateway;
import dev.sluice.resource.GatewayClass;
import dev.sluice.resource.Kinds;
import dev.sluice.resource.ListenerSet;
import dev.sluice.resource.ObjectRef;
import dev.sluice.resource.Resource;
import dev.sluice.resource.Route;
import dev.sluice.resource.Status;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;

/// Keeps a fault of ours to the object at which it came up: its status says so, the others go on.
public final class ObjectBarrier {

    /// What the status of an object says.
    public static final Rejection REJECTION =
            new Rejection(
                    "InternalError",
                    "internal error: this object could not be translated, by a fault of Sluice; its log"
                            + " has the details");

    private final BiConsumer<ObjectRef, Throwable> errors;
    private final Map<ObjectRef, Resource> failed = new LinkedHashMap<>();

    /// @param errors notified of each error, with the object
    public ObjectBarrier(BiConsumer<ObjectRef, Throwable> errors) {
        this.errors = errors;
    }

    /// Does something for an object.
    public void run(Resource object, Runnable action) {
        try {
            action.run();
        } catch (Throwable e) {
            caught(object, e);
        }
    }

    /// Makes something of an object.
    ///
    /// @param otherwise what is taken instead where that failed
    public <T> T get(
            Resource object, Supplier<? extends T> action, Supplier<? extends T> otherwise) {
        try {
            return action.get();
        } catch (Throwable e) {
            caught(object, e);
            return otherwise.get();
        }
    }

    private void caught(Resource object, Throwable e) {
        ObjectRef ref = Kinds.ref(object);
        failed.put(ref, object);
        errors.accept(ref, e);
    }

    /// What is reported for those.
    public List<Finding> findings() {
        return failed.keySet().stream().map(ref -> REJECTION.finding(ref, "")).toList();
    }

    /// How many objects failed.
    public int count() {
        return failed.size();
    }

    /// What is reported for those that have no part in what was made, in the place of what else
    /// they would be.
    ///
    /// @param parents those of a route that are ours
    public Map<ObjectRef, Status> statuses(
            String controller, Function<Route, List<Route.ParentRef>> parents) {
        Map<ObjectRef, Status> statuses = new LinkedHashMap<>();
        failed.forEach((ref, object) -> {
            long generation = object.metadata().generation();
            Condition accepted = Conditions.of(ConditionType.ACCEPTED, REJECTION, generation);
            Condition programmed = Conditions.of(ConditionType.PROGRAMMED, REJECTION, generation);
            switch (object) {
                case GatewayClass _ ->
                        statuses.put(
                                ref,
                                new Status.OfGatewayClass(
                                        List.of(accepted), SupportedFeatures.SUPPORTED));
                case Gateway _ ->
                        statuses.put(
                                ref,
                                new Status.OfGateway(
                                        List.of(accepted, programmed), List.of(), List.of(), 0));
                case ListenerSet _ ->
                        statuses.put(
                                ref,
                                new Status.OfListenerSet(List.of(accepted, programmed), List.of()));
                case Route route -> {
                    List<Status.OfParent> answers =
                            parents.apply(route).stream()
                                    .map(parent ->
                                            new Status.OfParent(
                                                    parent, controller, List.of(accepted)))
                                    .toList();
                    if (!answers.isEmpty()) {
                        statuses.put(ref, new Status.OfRoute(answers));
                    }
                }
                default -> {} // policies and Services have their answer from those who judge them
            }
        });
        return statuses;
    }
}
