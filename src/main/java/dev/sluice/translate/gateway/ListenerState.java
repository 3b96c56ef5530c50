package dev.sluice.translate.gateway;

import dev.sluice.ir.AttachedL4Rule;
import dev.sluice.ir.AttachedRule;
import dev.sluice.ir.HostPattern;
import dev.sluice.ir.HttpListener;
import dev.sluice.ir.Listener;
import dev.sluice.ir.TcpListener;
import dev.sluice.ir.Tls;
import dev.sluice.ir.TlsListener;
import dev.sluice.resource.Condition;
import dev.sluice.resource.ConditionType;
import dev.sluice.resource.Gateway;
import dev.sluice.resource.ListenerOwner;
import dev.sluice.resource.ListenerSet;
import dev.sluice.resource.NamespacedName;
import dev.sluice.resource.ObjectRef;
import dev.sluice.resource.Status;
import dev.sluice.translate.status.Conditions;
import dev.sluice.translate.status.Rejection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A listener while it is translated: what is wrong with it, and what attaches to it.
public final class ListenerState {

    private final Gateway gateway;
    private final ListenerOwner owner;
    private final Gateway.Listener spec;
    private final HostPattern hostname;
    private final @Nullable ListenerProtocol protocol;
    private final List<Gateway.RouteKind> kinds;
    private final List<AttachedRule> rules = new ArrayList<>();
    private final List<AttachedL4Rule> l4Rules = new ArrayList<>();
    private int routes;
    private final Set<Rejection> rejections = new LinkedHashSet<>();
    private @Nullable Tls tls;
    private @Nullable Rejection accepted;
    private @Nullable Rejection resolved;
    private @Nullable Rejection conflicted;
    private boolean unusable;
    private boolean closed;
    private boolean strictPaths;

    /// @param owner the Gateway, or a ListenerSet that adds to it
    /// @param protocol null when it is not served
    /// @param kinds of routes that may attach
    ListenerState(
            Gateway gateway,
            ListenerOwner owner,
            Gateway.Listener spec,
            @Nullable ListenerProtocol protocol,
            List<Gateway.RouteKind> kinds) {
        this.gateway = gateway;
        this.owner = owner;
        this.spec = spec;
        this.hostname = new HostPattern(spec.hostname());
        this.protocol = protocol;
        this.kinds = kinds;
    }

    void strictPaths(boolean strict) {
        strictPaths = strict;
    }

    public Gateway gateway() {
        return gateway;
    }

    public ListenerOwner owner() {
        return owner;
    }

    public Gateway.Listener spec() {
        return spec;
    }

    public HostPattern hostname() {
        return hostname;
    }

    /// Whether clients' TLS goes on to backends.
    public boolean isPassthrough() {
        return protocol == ListenerProtocol.TLS
                && spec.tls() != null
                && spec.tls().mode().equals("Passthrough");
    }

    /// Whether it and another listener of its port can be distinguished by their hostnames.
    boolean sharesPort(ListenerState other) {
        return protocol == null || other.protocol == null
                ? spec.protocol().equals(other.spec.protocol())
                : protocol.shares(other.protocol);
    }

    public boolean takes(ObjectRef route) {
        return kinds.stream()
                .anyMatch(k -> k.group().equals(route.group()) && k.kind().equals(route.kind()));
    }

    void tls(Tls settings) {
        tls = settings;
    }

    void unaccepted(Rejection rejection) {
        rejections.add(rejection);
        if (accepted == null) {
            accepted = rejection;
        }
    }

    /// It must not serve, and no other listener in its place.
    void close(Rejection rejection) {
        unaccepted(rejection);
        closed = true;
    }

    /// A reference leads nowhere.
    ///
    /// @param fatal whether the listener cannot serve without it
    void unresolved(Rejection rejection, boolean fatal) {
        unusable |= fatal;
        rejections.add(rejection);
        if (resolved == null) {
            resolved = rejection;
        }
    }

    /// It cannot serve, for what has been reported.
    void unusable() {
        unusable = true;
    }

    void conflicting(Rejection rejection) {
        rejections.add(rejection);
        conflicted = rejection;
        accepted = rejection; // before what is wrong with the listener by itself
    }

    /// All that is wrong with it; conditions report the first of each type.
    Stream<Rejection> rejections() {
        return rejections.stream();
    }

    boolean isConflicted() {
        return conflicted != null;
    }

    public boolean isAccepted() {
        return accepted == null;
    }

    /// Whether it can be bound.
    public boolean isServed() {
        return accepted == null && !unusable;
    }

    /// Whether it keeps its hosts from the other listeners of its port, and answers them nothing.
    boolean isClosed() {
        return closed && conflicted == null;
    }

    public boolean isRejected() {
        return accepted != null || resolved != null;
    }

    /// A route attaches; to be called once of each.
    public void attach(List<AttachedRule> more) {
        rules.addAll(more);
        routes++;
    }

    /// A route of connections attaches; to be called once of each.
    public void attachL4(List<AttachedL4Rule> more) {
        l4Rules.addAll(more);
        routes++;
    }

    /// What serves it. Of the routes of a TCP listener the oldest is in effect.
    Listener listener() {
        return switch (protocol) {
            case TCP ->
                    new TcpListener(
                            name(), l4Rules.isEmpty() ? null : oldestFirst().getFirst().rule());
            case TLS -> new TlsListener(name(), hostname, tls, oldestFirst());
            case HTTP, HTTPS -> new HttpListener(name(), hostname, tls, rules, strictPaths);
            case null -> throw new IllegalStateException(spec.protocol());
        };
    }

    private List<AttachedL4Rule> oldestFirst() {
        return l4Rules.stream()
                .sorted(Comparator.comparing(attached -> attached.rule().origin()))
                .toList();
    }

    /// What keeps its hosts, closed as it is.
    ///
    /// @param shared how TLS is terminated where it has no certificate of its own
    Listener closed(@Nullable Tls shared) {
        Tls terminated = tls == null ? shared : tls;
        return protocol == ListenerProtocol.HTTP
                        || protocol == ListenerProtocol.HTTPS && terminated != null
                ? new HttpListener(name(), hostname, terminated, List.of(), strictPaths)
                : new TlsListener(name(), hostname, null, List.of());
    }

    private String name() {
        String name = NamespacedName.of(owner) + "/" + spec.name();
        return owner instanceof ListenerSet ? NamespacedName.of(gateway) + "/" + name : name;
    }

    /// @param unbound why the socket is not there, null when it is
    public Status.OfListener status(@Nullable Rejection unbound) {
        long generation = owner.metadata().generation();
        Rejection unprogrammed =
                isServed()
                        ? unbound
                        : conflicted != null
                                ? conflicted
                                : new Rejection("Invalid", "the listener is not served");
        List<Condition> conditions = new ArrayList<>();
        conditions.add(Conditions.of(ConditionType.ACCEPTED, accepted, generation));
        conditions.add(Conditions.of(ConditionType.PROGRAMMED, unprogrammed, generation));
        conditions.add(Conditions.of(ConditionType.RESOLVED_REFS, resolved, generation));
        conditions.add(Conditions.of(ConditionType.CONFLICTED, conflicted, generation));
        return new Status.OfListener(spec.name(), kinds, routes, conditions);
    }
}
