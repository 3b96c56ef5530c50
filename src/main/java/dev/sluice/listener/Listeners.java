package dev.sluice.listener;

import dev.sluice.barrier.Barrier;
import dev.sluice.ir.Port;
import dev.sluice.ir.ProxyProtocol;
import dev.sluice.net.Workers;
import dev.sluice.server.ServerSettings;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// All bound ports. New ports are bound and changed ones get new certificates while the others go
/// on unharmed; a port that is gone stops accepting, and its connections end after their request in
/// flight or when the drain time is over.
///
/// Called by one thread at a time.
public final class Listeners implements AutoCloseable {

    private static final Barrier.Owner OWNER = Barrier.only("listener");
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final Workers workers;
    private volatile ServerSettings settings;
    private volatile Duration drain;
    private final ConnectionCount count;
    private static final String NO_SOURCES =
            "proxyProtocol: Required refuses every connection, since sluice.server.proxy-protocol-sources"
                    + " lists no source; the operator has to list those that send the header";

    private final Map<String, BoundPort> bound = new LinkedHashMap<>();

    /// A port that can be served.
    private record ServablePort(Port port, TlsContexts tls) {}

    /// @param drain how long requests of a closed port may go on
    public Listeners(Workers workers, ServerSettings settings, Duration drain) {
        this.workers = workers;
        this.settings = settings;
        this.drain = drain;
        this.count = new ConnectionCount(settings.maxConnections());
    }

    /// Connections that are accepted from now on are served by these.
    ///
    /// @param drainTime of ports that close from now on
    public void settings(ServerSettings next, Duration drainTime) {
        settings = next;
        drain = drainTime;
        count.most(next.maxConnections());
    }

    /// Brings the sockets in line.
    ///
    /// @param services what serves the connections of each port
    /// @return by [Port#id] why a port is not served
    public synchronized Map<String, String> update(
            List<Port> ports, Function<? super Port, PortService> services) {
        Map<String, String> failures = new LinkedHashMap<>();
        Map<String, BoundPort> gone = new LinkedHashMap<>(bound);
        for (Port port : ports) {
            BoundPort current = bound.get(port.id());
            if (current != null && current.serves(port, services.apply(port))) {
                gone.remove(port.id());
            }
        }
        // First, so that a socket may pass from one Gateway to another.
        gone.forEach(bound::remove);
        gone.values().forEach(this::drainLater);
        List<ServablePort> ready = new ArrayList<>(ports.size());
        for (Port port : ports) {
            BoundPort current = bound.get(port.id());
            try {
                TlsContexts tls = new TlsContexts(port, current == null ? null : current.tls());
                ready.add(new ServablePort(port, tls));
            } catch (GeneralSecurityException e) {
                failures.put(port.id(), String.valueOf(e.getMessage()));
            }
        }
        ready.forEach(one -> serve(one, services.apply(one.port()), failures));
        if (settings.proxySources().isEmpty()) {
            for (Port port : ports) {
                if (port.proxyProtocol() == ProxyProtocol.REQUIRED) {
                    failures.putIfAbsent(port.id(), NO_SOURCES); // it is bound: sources may come
                }
            }
        }
        return failures;
    }

    private void serve(
            ServablePort servablePort, PortService service, Map<String, String> failures) {
        String id = servablePort.port().id();
        BoundPort current = bound.get(id);
        if (current != null) {
            current.update(servablePort.port(), servablePort.tls());
            return;
        }
        try {
            bound.put(
                    id,
                    new BoundPort(
                            workers,
                            () -> settings,
                            count,
                            servablePort.port(),
                            servablePort.tls(),
                            service));
        } catch (BindFailed e) {
            failures.put(id, String.valueOf(e.getMessage()));
        }
    }

    /// The client connections of all ports.
    public ConnectionCount connections() {
        return count;
    }

    /// The local port of each bound port by [Port#id].
    public synchronized Map<String, Integer> localPorts() {
        Map<String, Integer> ports = new LinkedHashMap<>();
        bound.forEach((id, port) -> ports.put(id, port.localPort()));
        return ports;
    }

    private void drainLater(BoundPort port) {
        port.drain();
        var _ =
                Barrier.schedule(
                        workers.all().get(0).loop(), OWNER, port::closeAll, drain.toNanos());
    }

    /// Stops accepting and waits until all requests in flight have ended, at most for the drain
    /// time.
    @Override
    public synchronized void close() {
        List<BoundPort> last = new ArrayList<>(bound.values());
        bound.clear();
        last.forEach(BoundPort::drain);
        long deadline = System.nanoTime() + drain.toNanos();
        while (last.stream().anyMatch(port -> port.open() > 0)
                && System.nanoTime() - deadline < 0) {
            Barrier.schedule(workers.all().get(0).loop(), OWNER, () -> {}, LOOK_NANOS)
                    .awaitUninterruptibly();
        }
        last.forEach(BoundPort::closeAll);
    }
}
