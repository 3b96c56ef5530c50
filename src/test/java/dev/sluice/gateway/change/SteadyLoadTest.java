package dev.sluice.gateway.change;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.TestCertificates;
import dev.sluice.fixture.gateway.RuleBuilder;
import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.fixture.wire.RawBackend;
import dev.sluice.fixture.wire.RawClient;
import dev.sluice.fixture.wire.RawClient.Response;
import dev.sluice.ir.AttachedRule;
import dev.sluice.ir.Backend;
import dev.sluice.ir.Configuration;
import dev.sluice.ir.HostPattern;
import dev.sluice.ir.HttpFilter;
import dev.sluice.ir.HttpListener;
import dev.sluice.ir.Port;
import dev.sluice.ir.Tls;
import dev.sluice.ir.Upstream;
import dev.sluice.ir.Upstream.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// A steady load of 50 connections while everything around it changes five times a second: routes,
/// weights, filters, endpoints, certificates and listeners. No request may fail.
///
/// `-Dsteady.seconds=60` runs it longer.
class SteadyLoadTest {

    private static final int SECONDS = Integer.getInteger("steady.seconds", 4);
    private static final int CONNECTIONS = 50;
    private static final long INTERVAL = TimeUnit.MILLISECONDS.toNanos(200);

    private final List<Tls.Certificate> certificates =
            List.of(TestCertificates.make("a", "EC"), TestCertificates.make("b", "EC"));

    @Test
    void changes_failNoRequest() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        AtomicLong served = new AtomicLong();
        int changes = 0;
        try (RawBackend a = RawBackend.saying("ok");
                RawBackend b = RawBackend.saying("ok");
                RawBackend c = RawBackend.saying("ok");
                TestGateway gateway = new TestGateway();
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Endpoint> endpoints = List.of(a.endpoint(), b.endpoint(), c.endpoint());
            gateway.publish(configuration(0, endpoints));
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                running.add(clients.submit(() -> load(gateway, stop, served)));
            }
            long next = System.nanoTime();
            long end = next + TimeUnit.SECONDS.toNanos(SECONDS);
            while (next - end < 0 && running.stream().noneMatch(Future::isDone)) {
                next += INTERVAL;
                LockSupport.parkNanos(next - System.nanoTime());
                gateway.publish(configuration(++changes, endpoints));
            }
            stop.set(true);
            for (Future<?> client : running) {
                client.get(20, TimeUnit.SECONDS);
            }
        }
        assertThat(changes).isGreaterThanOrEqualTo(5 * SECONDS - 1);
        assertThat(served.get()).isGreaterThan(100L * SECONDS);
    }

    private static @Nullable Void load(TestGateway gateway, AtomicBoolean stop, AtomicLong served)
            throws Exception {
        try (RawClient client = gateway.client()) {
            while (!stop.get()) {
                Response response = client.get("a.example", "/x/y?z");
                assertThat(response.status()).as(response.body()).isEqualTo(200);
                assertThat(response.field("Connection")).isNotEqualTo("close");
                served.incrementAndGet();
                LockSupport.parkNanos(1_000_000);
            }
        }
        return null;
    }

    private Configuration configuration(int turn, List<Endpoint> endpoints) {
        List<Backend> backends =
                List.of(
                        new Backend.Forward(turn % 10, "one", List.of()),
                        new Backend.Forward(10 - turn % 10, "two", List.of()));
        List<AttachedRule> rules = new ArrayList<>();
        rules.add(rule("/", 0, backends, turn));
        for (int i = 1; i <= turn % 7; i++) {
            rules.add(rule("/other/" + turn + "/" + i, i, backends, turn));
        }
        if (turn % 3 == 0) {
            rules.add(rule("/x", 100, backends, turn));
        }
        Tls tls = new Tls(List.of(certificates.get(turn % 2)), null);
        Port http = port("http", List.of(listener("http", "*.example", null, rules)));
        Port https =
                port(
                        "https",
                        turn % 2 == 0
                                ? List.of(listener("one", "a.example", tls, rules))
                                : List.of(
                                        listener("one", "a.example", tls, rules),
                                        listener("two", "b.example", tls, rules)));
        Port sometimes = port("sometimes", List.of(listener("http", "", null, rules)));
        // The one endpoint leaves and comes back while its connections are in use.
        Map<String, Upstream> upstreams =
                Map.of(
                        "one",
                        upstream("one", endpoints.subList(turn % 2, 3)),
                        "two",
                        upstream("two", endpoints.subList(0, 1 + turn % 3)));
        return new Configuration(
                turn % 4 < 2 ? List.of(http, https) : List.of(http, https, sometimes), upstreams);
    }

    private static Upstream upstream(String id, List<Endpoint> endpoints) {
        return new Upstream(id, Upstream.Protocol.HTTP1, null, endpoints);
    }

    private static Port port(String name, List<HttpListener> listeners) {
        String id = name.equals("http") ? TestGateway.PORT : "test/gateway:" + name;
        return new Port(id, "test/gateway", "127.0.0.1", 0, 80, List.copyOf(listeners));
    }

    private static HttpListener listener(
            String name, String host, @Nullable Tls tls, List<AttachedRule> rules) {
        return new HttpListener(
                "test/gateway/" + name,
                host.isEmpty() ? HostPattern.ANY : new HostPattern(host),
                tls,
                rules);
    }

    private static AttachedRule rule(String prefix, int index, List<Backend> backends, int turn) {
        HttpFilter filter =
                new HttpFilter.RequestHeaders(
                        new HttpFilter.HeaderEdit(
                                List.of(new HttpFilter.Field("X-Turn", "" + turn)),
                                List.of(),
                                List.of()));
        return RuleBuilder.rule(index)
                .prefix(prefix)
                .filters(filter)
                .to(backends)
                .attached(HostPattern.ANY);
    }
}
