package dev.sluice.gateway;

import dev.sluice.dataplane.DataPlane;
import dev.sluice.dataplane.RuleCompiler;
import dev.sluice.engine.ForwardInterceptor;
import dev.sluice.engine.HttpPorts;
import dev.sluice.engine.Observer;
import dev.sluice.engine.RulePolicies;
import dev.sluice.fixture.wire.RawBackend;
import dev.sluice.ir.AttachedPolicy;
import dev.sluice.ir.AttachedRule;
import dev.sluice.ir.Backend;
import dev.sluice.ir.Configuration;
import dev.sluice.ir.HostPattern;
import dev.sluice.ir.HttpFilter;
import dev.sluice.ir.HttpListener;
import dev.sluice.ir.HttpMatch;
import dev.sluice.ir.HttpRule;
import dev.sluice.ir.Origin;
import dev.sluice.ir.PathMatch;
import dev.sluice.ir.PolicySection;
import dev.sluice.ir.Port;
import dev.sluice.ir.Retry;
import dev.sluice.ir.RuleChange;
import dev.sluice.ir.SessionPersistence;
import dev.sluice.ir.Timeouts;
import dev.sluice.ir.Tls;
import dev.sluice.ir.Upstream;
import dev.sluice.ir.Upstream.Endpoint;
import dev.sluice.listener.Listeners;
import dev.sluice.net.Workers;
import dev.sluice.observe.RequestMeters;
import dev.sluice.observe.UpstreamMeters;
import dev.sluice.server.ServerSettings;
import dev.sluice.upstream.UpstreamSettings;
import dev.sluice.upstream.Upstreams;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The data plane with one port on a free socket, configured by values.
final class TestGateway implements Served {

    static {
        Leaks.watch();
    }

    static final String PORT = "test/gateway:80";

    private Configuration published = Configuration.EMPTY;
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final Workers workers = new Workers(2);
    private final Upstreams upstreams;
    private final Listeners listeners;
    private final DataPlane plane;
    private final Map<String, Upstream> backends = new LinkedHashMap<>();
    private final List<HttpRule> rules = new ArrayList<>();
    private @Nullable Tls tls;

    TestGateway() {
        this(ServerSettings.DEFAULT, _ -> null);
    }

    TestGateway(ServerSettings settings) {
        this(settings, _ -> null);
    }

    TestGateway(ServerSettings settings, UpstreamSettings upstream) {
        this(settings, upstream, _ -> null, RulePolicies.NONE, Observer.NONE);
    }

    TestGateway(ServerSettings settings, Function<HttpRule, @Nullable ForwardInterceptor> detours) {
        this(settings, detours, RulePolicies.NONE);
    }

    TestGateway(
            ServerSettings settings,
            Function<HttpRule, @Nullable ForwardInterceptor> detours,
            RulePolicies policies) {
        this(settings, UpstreamSettings.DEFAULT, detours, policies, Observer.NONE);
    }

    TestGateway(
            ServerSettings settings,
            UpstreamSettings upstream,
            Function<HttpRule, @Nullable ForwardInterceptor> detours,
            RulePolicies policies,
            Observer observer) {
        upstreams = new Upstreams(workers, upstream, new UpstreamMeters(meters, 100));
        listeners = new Listeners(workers, settings, Duration.ofSeconds(5));
        plane =
                new DataPlane(
                        upstreams,
                        new HttpPorts(observer),
                        listeners,
                        new RuleCompiler(
                                upstreams, new RequestMeters(meters, 100), policies, detours));
    }

    /// Forwards everything to one backend.
    TestGateway to(RawBackend backend, HttpFilter... filters) {
        return to(backend.endpoint(), filters);
    }

    /// Forwards everything to one endpoint.
    TestGateway to(Endpoint endpoint, HttpFilter... filters) {
        return backend("one", endpoint).rule("/", "one", filters).publish();
    }

    /// Forwards a service of gRPC to one endpoint.
    TestGateway toGrpc(Endpoint endpoint) {
        return http2Backend("one", endpoint).rule("/test.Echo", "one").publish();
    }

    /// Forwards everything to one backend within time limits.
    TestGateway to(RawBackend backend, Timeouts timeouts) {
        return backend("one", backend.endpoint())
                .rule("/", List.of(forward(1, "one")), timeouts)
                .publish();
    }

    /// Keeps sessions on the endpoints of one backend.
    TestGateway to(SessionPersistence session, RawBackend... endpoints) {
        Endpoint[] all =
                Arrays.stream(endpoints).map(RawBackend::endpoint).toArray(Endpoint[]::new);
        return backend("one", all).session(session, forward(1, "one")).publish();
    }

    TestGateway backend(String name, Endpoint... endpoints) {
        backends.put(name, new Upstream(name, Upstream.Protocol.HTTP1, null, List.of(endpoints)));
        return this;
    }

    TestGateway http2Backend(String name, Endpoint... endpoints) {
        backends.put(name, new Upstream(name, Upstream.Protocol.HTTP2, null, List.of(endpoints)));
        return this;
    }

    /// A backend with one endpoint, whose Service has a section of a ResiliencePolicy.
    TestGateway backend(
            String name,
            Endpoint endpoint,
            String section,
            AttachedPolicy.Mode mode,
            PolicySection value) {
        AttachedPolicy policy =
                new AttachedPolicy(
                        "ResiliencePolicy",
                        section,
                        mode,
                        "test/" + name,
                        "Service " + name,
                        value);
        return backend(
                new Upstream(
                        name, Upstream.Protocol.HTTP1, null, List.of(endpoint), List.of(policy)));
    }

    TestGateway backend(Upstream upstream) {
        backends.put(upstream.id(), upstream);
        return this;
    }

    TestGateway tls(Tls settings) {
        tls = settings;
        return this;
    }

    TestGateway rule(String prefix, String backend, HttpFilter... filters) {
        return rule(prefix, List.of(forward(1, backend)), Timeouts.NONE, filters);
    }

    TestGateway rule(String prefix, List<Backend> to, Timeouts timeouts, HttpFilter... filters) {
        return rule(match(new PathMatch.Prefix(prefix)), to, timeouts, filters);
    }

    TestGateway rule(HttpMatch match, List<Backend> to, Timeouts timeouts, HttpFilter... filters) {
        Origin origin = new Origin("HTTPRoute", "test", "route", rules.size(), null, Instant.EPOCH);
        rules.add(new HttpRule(origin, List.of(match), List.of(filters), to, timeouts, null, null));
        return this;
    }

    /// A rule that forwards everything under policies.
    TestGateway rule(String backend, AttachedPolicy... policies) {
        Origin origin = new Origin("HTTPRoute", "test", "route", rules.size(), null, Instant.EPOCH);
        List<Backend> to = List.of(forward(1, backend));
        HttpRule rule =
                new HttpRule(
                        origin, List.of(HttpMatch.ALL), List.of(), to, Timeouts.NONE, null, null);
        rules.add(rule.with(List.of(policies)));
        return this;
    }

    /// A rule that forwards everything under a policy, which its backend is under, too.
    TestGateway ruleAndBackendUnder(AttachedPolicy policy, String backend) {
        Origin origin = new Origin("HTTPRoute", "test", "route", rules.size(), null, Instant.EPOCH);
        List<Backend> to =
                List.of(new Backend.Forward(1, backend, List.of(), List.of(policy), null));
        HttpRule rule =
                new HttpRule(
                        origin, List.of(HttpMatch.ALL), List.of(), to, Timeouts.NONE, null, null);
        rules.add(rule.with(List.of(policy)));
        return this;
    }

    /// A rule that forwards everything and tries again.
    TestGateway retrying(Retry retry, Timeouts timeouts, String backend) {
        Origin origin = new Origin("HTTPRoute", "test", "route", rules.size(), null, Instant.EPOCH);
        List<Backend> to = List.of(forward(1, backend));
        rules.add(
                new HttpRule(origin, List.of(HttpMatch.ALL), List.of(), to, timeouts, retry, null));
        return this;
    }

    /// A rule that forwards everything and keeps sessions.
    TestGateway session(SessionPersistence session, Backend... to) {
        return session("/", session, to);
    }

    /// A rule that keeps sessions.
    TestGateway session(String prefix, SessionPersistence session, Backend... to) {
        Origin origin = new Origin("HTTPRoute", "test", "route", rules.size(), null, Instant.EPOCH);
        rules.add(
                new HttpRule(
                        origin,
                        List.of(match(new PathMatch.Prefix(prefix))),
                        List.of(),
                        List.of(to),
                        Timeouts.NONE,
                        null,
                        session));
        return this;
    }

    static HttpMatch match(PathMatch path) {
        return new HttpMatch(path, null, List.of(), List.of());
    }

    static Backend forward(int weight, String backend) {
        return new Backend.Forward(weight, backend, List.of());
    }

    /// Forgets the rules, for the next configuration.
    TestGateway clearRules() {
        rules.clear();
        return this;
    }

    TestGateway publish() {
        List<AttachedRule> attached =
                rules.stream()
                        .map(rule -> new AttachedRule(List.of(HostPattern.ANY), rule))
                        .toList();
        HttpListener listener =
                new HttpListener("test/gateway/http", HostPattern.ANY, tls, attached);
        Port port = new Port(PORT, "test/gateway", "127.0.0.1", 0, 80, List.of(listener));
        return publish(new Configuration(List.of(port), backends));
    }

    /// Forwards the requests of each host to the backend, with the origins that its CORS filter
    /// allows.
    TestGateway to(RawBackend backend, Map<String, List<String>> originsByHost) {
        backend("one", backend.endpoint());
        List<HttpListener> hosts = new ArrayList<>();
        originsByHost.forEach((host, origins) -> {
            HttpFilter cors =
                    new HttpFilter.Cors(
                            origins, false, List.of("GET"), List.of(), List.of(), Duration.ZERO);
            rule("/", "one", origins.isEmpty() ? new HttpFilter[0] : new HttpFilter[] {cors});
            AttachedRule last = new AttachedRule(List.of(HostPattern.ANY), rules.getLast());
            hosts.add(new HttpListener(host, new HostPattern(host), tls, List.of(last)));
        });
        Port port = new Port(PORT, "test/gateway", "127.0.0.1", 0, 80, hosts);
        return publish(new Configuration(List.of(port), backends));
    }

    TestGateway publish(Configuration configuration) {
        RuleChange change =
                RuleChange.between(published.httpListeners(), configuration.httpListeners());
        Map<String, String> failures = plane.publish(configuration, change);
        published = configuration;
        if (!failures.isEmpty()) {
            throw new IllegalStateException(failures.toString());
        }
        return this;
    }

    @Override
    public int port() {
        Integer port = listeners.localPorts().get(PORT);
        if (port == null) {
            throw new IllegalStateException("not published");
        }
        return port;
    }

    /// A gauge of its backends, by the end of its name.
    double upstreamGauge(String name) {
        return meters.get("sluice.upstream." + name).gauge().value();
    }

    MeterRegistry meters() {
        return meters;
    }

    /// Closes the sockets as the end of the process does: requests in flight may end.
    void drain() {
        listeners.close();
    }

    @Override
    public void close() {
        listeners.close();
        upstreams.close();
        workers.close();
        Leaks.assertNone();
    }
}
