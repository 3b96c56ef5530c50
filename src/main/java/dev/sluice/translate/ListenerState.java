package dev.sluice.translate;

import dev.sluice.ir.AttachedRule;
import dev.sluice.ir.HostPattern;
import dev.sluice.ir.HttpListener;
import dev.sluice.ir.Tls;
import dev.sluice.resource.Condition;
import dev.sluice.resource.Gateway;
import dev.sluice.resource.Status;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A listener while it is translated: what is wrong with it, and what attaches to it.
final class ListenerState {

    final Gateway gateway;
    final Gateway.Listener spec;
    final HostPattern hostname;
    final List<Gateway.RouteKind> kinds;
    private final List<AttachedRule> rules = new ArrayList<>();
    private int attachedRoutes;
    private @Nullable Tls tls;
    private @Nullable Rejection accepted;
    private @Nullable Rejection resolved;
    private @Nullable Rejection conflicted;

    ListenerState(Gateway gateway, Gateway.Listener spec, List<Gateway.RouteKind> kinds) {
        this.gateway = gateway;
        this.spec = spec;
        this.hostname = new HostPattern(spec.hostname());
        this.kinds = kinds;
    }

    void tls(Tls settings) {
        tls = settings;
    }

    void unaccepted(Rejection rejection) {
        if (accepted == null) {
            accepted = rejection;
        }
    }

    void unresolved(Rejection rejection) {
        if (resolved == null) {
            resolved = rejection;
        }
    }

    void conflicting(Rejection rejection) {
        conflicted = rejection;
        unaccepted(rejection);
    }

    boolean isAccepted() {
        return accepted == null;
    }

    /// Whether it can be bound. Bad route kinds do not keep it from serving the others.
    boolean isServed() {
        return accepted == null
                && (resolved == null || resolved.reason().equals("InvalidRouteKinds"));
    }

    boolean isRejected() {
        return accepted != null || resolved != null;
    }

    void attach(List<AttachedRule> more) {
        attachedRoutes++;
        rules.addAll(more);
    }

    HttpListener listener() {
        String name = gateway.namespace() + "/" + gateway.name() + "/" + spec.name();
        return new HttpListener(name, hostname, tls, rules);
    }

    /// @param bindFailure why the socket is not there, null when it is
    Status.OfListener status(@Nullable String bindFailure) {
        long generation = gateway.metadata().generation();
        Rejection unprogrammed =
                isServed()
                        ? bindFailure == null ? null : new Rejection("Invalid", bindFailure)
                        : new Rejection("Invalid", "the listener is not served");
        List<Condition> conditions = new ArrayList<>();
        conditions.add(Conditions.of("Accepted", "Accepted", accepted, generation));
        conditions.add(Conditions.of("Programmed", "Programmed", unprogrammed, generation));
        conditions.add(Conditions.of("ResolvedRefs", "ResolvedRefs", resolved, generation));
        conditions.add(
                conflicted == null
                        ? new Condition("Conflicted", false, "NoConflicts", "", generation)
                        : new Condition(
                                "Conflicted",
                                true,
                                conflicted.reason(),
                                conflicted.message(),
                                generation));
        return new Status.OfListener(spec.name(), kinds, attachedRoutes, conditions);
    }
}
