package dev.sluice.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.ir.AttachedPolicy;
import dev.sluice.ir.AttachedPolicy.Mode;
import dev.sluice.ir.LoadBalancer;
import dev.sluice.ir.LoadBalancer.Hash;
import dev.sluice.ir.Upstream;
import dev.sluice.ir.Upstream.Endpoint;
import dev.sluice.ir.UpstreamTls;
import dev.sluice.net.Workers;
import dev.sluice.observe.UpstreamMeters;
import dev.sluice.upstream.balance.Balancing;
import dev.sluice.upstream.balance.HashInput;
import dev.sluice.upstream.pool.Connector;
import dev.sluice.upstream.pool.EndpointPool;
import dev.sluice.upstream.pool.PoolSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// The shares of endpoints under each way to choose.
class ClusterTest {

    private static final Workers WORKERS = new Workers(1);
    private static final int PICKS = 20_000;

    private final Cluster backend =
            new Cluster(
                    "one",
                    new Connector(WORKERS, PoolSettings.DEFAULT),
                    () -> Balancing.LEAST_REQUEST,
                    new UpstreamMeters(new SimpleMeterRegistry(), 1));

    @AfterAll
    static void closeWorkers() {
        WORKERS.close();
    }

    /// A request with a header field and a cookie of one value, from an address that is the same.
    private record Request(@Nullable String value) implements HashInput {
        @Override
        public @Nullable String header(String name) {
            return name.equals("x-user") ? value : null;
        }

        @Override
        public @Nullable String cookie(String name) {
            return name.equals("user") ? value : null;
        }

        @Override
        public String clientHost() {
            return "192.0.2.1";
        }
    }

    private static List<Endpoint> endpoints(int count) {
        return IntStream.range(0, count).mapToObj(i -> new Endpoint("10.0.0." + i, 8080)).toList();
    }

    private static LoadBalancer by(Hash hash) {
        return new LoadBalancer(LoadBalancer.Type.CONSISTENT_HASH, hash, Duration.ZERO);
    }

    private Cluster balanced(LoadBalancer policy, List<Endpoint> endpoints)
            throws GeneralSecurityException {
        return balanced(policy, Mode.ENFORCE, endpoints);
    }

    private Cluster balanced(LoadBalancer policy, Mode mode, List<Endpoint> endpoints)
            throws GeneralSecurityException {
        AttachedPolicy attached =
                new AttachedPolicy(
                        "ResiliencePolicy",
                        "loadBalancer",
                        mode,
                        "test/one",
                        "Service one",
                        policy);
        backend.update(
                new Upstream("one", Upstream.Protocol.HTTP1, null, endpoints, List.of(attached)));
        return backend;
    }

    /// How often each endpoint is picked, by its address.
    private Map<String, Integer> picks() {
        Map<String, Integer> picks = new HashMap<>();
        for (int i = 0; i < PICKS; i++) {
            picks.merge(picked(null, new Request(null)), 1, Integer::sum);
        }
        return picks;
    }

    private String picked(@Nullable EndpointPool not, HashInput of) {
        return Objects.requireNonNull(backend.pick(not, of)).address();
    }

    /// The endpoint of each of many values.
    private List<String> owners() {
        return IntStream.range(0, PICKS)
                .mapToObj(i -> picked(null, new Request("user-" + i)))
                .toList();
    }

    @Test
    void hash_sharesAmongAllEndpoints() throws Exception {
        balanced(by(new Hash.Header("x-user")), endpoints(10));
        Map<String, Integer> shares = new HashMap<>();
        owners().forEach(owner -> shares.merge(owner, 1, Integer::sum));
        assertThat(shares.values()).hasSize(10).allMatch(n -> n > PICKS / 16 && n < PICKS / 6);
    }

    @Test
    void hash_isTheSame_whateverTheOrder() throws Exception {
        balanced(by(new Hash.Cookie("user")), endpoints(10));
        List<String> before = owners();
        List<Endpoint> shuffled = new ArrayList<>(endpoints(10));
        Collections.shuffle(shuffled, new Random(1));
        balanced(by(new Hash.Cookie("user")), shuffled);
        assertThat(owners()).isEqualTo(before);
    }

    @Test
    void hash_whenAnEndpointGoes_movesItsValuesOnly() throws Exception {
        balanced(by(new Hash.Header("x-user")), endpoints(10));
        List<String> before = owners();
        balanced(by(new Hash.Header("x-user")), endpoints(9));
        List<String> after = owners();
        for (int i = 0; i < PICKS; i++) {
            if (!before.get(i).equals("10.0.0.9:8080")) {
                assertThat(after.get(i)).isEqualTo(before.get(i));
            }
        }
    }

    @Test
    void hash_whenAnEndpointComes_movesItsShareToItOnly() throws Exception {
        balanced(by(new Hash.Header("x-user")), endpoints(10));
        List<String> before = owners();
        balanced(by(new Hash.Header("x-user")), endpoints(11));
        List<String> after = owners();
        int moved = 0;
        for (int i = 0; i < PICKS; i++) {
            if (!after.get(i).equals(before.get(i))) {
                assertThat(after.get(i)).isEqualTo("10.0.0.10:8080");
                moved++;
            }
        }
        assertThat(moved).isBetween(PICKS / 20, PICKS / 7);
    }

    @Test
    void hash_avoidsTheOneThatFailed_andKeepsToOneOther() throws Exception {
        balanced(by(new Hash.ClientIp()), endpoints(10));
        EndpointPool first = Objects.requireNonNull(backend.pick(null, new Request(null)));
        String second = picked(first, new Request(null));
        assertThat(second).isNotEqualTo(first.address());
        for (int i = 0; i < 100; i++) {
            assertThat(picked(null, new Request(null))).isEqualTo(first.address());
            assertThat(picked(first, new Request(null))).isEqualTo(second);
        }
    }

    @Test
    void hash_withoutTheValue_spreads() throws Exception {
        balanced(by(new Hash.Header("x-user")), endpoints(4));
        assertThat(picks().values()).hasSize(4).allMatch(n -> n > PICKS / 5 && n < PICKS / 3);
    }

    @Test
    void random_spreads_alsoAmongTheOthersOfOneThatFailed() throws Exception {
        balanced(new LoadBalancer(LoadBalancer.Type.RANDOM, null, Duration.ZERO), endpoints(4));
        assertThat(picks().values()).hasSize(4).allMatch(n -> n > PICKS / 5 && n < PICKS / 3);
        EndpointPool not = Objects.requireNonNull(backend.pick(null, null));
        Map<String, Integer> others = new HashMap<>();
        for (int i = 0; i < PICKS; i++) {
            others.merge(picked(not, new Request(null)), 1, Integer::sum);
        }
        assertThat(others).hasSize(3).doesNotContainKey(not.address());
        assertThat(others.values()).allMatch(n -> n > PICKS / 4 && n < PICKS / 2);
    }

    @Test
    void slowStart_sparesTheNewEndpoint_underEachWayToChoose() throws Exception {
        for (LoadBalancer.Type type :
                List.of(
                        LoadBalancer.Type.LEAST_REQUEST,
                        LoadBalancer.Type.ROUND_ROBIN,
                        LoadBalancer.Type.RANDOM)) {
            LoadBalancer slow = new LoadBalancer(type, null, Duration.ofHours(1));
            balanced(slow, endpoints(3));
            assertThat(picks().values()).as("%s", type).hasSize(3).allMatch(n -> n > PICKS / 4);
            balanced(slow, endpoints(4));
            // A tenth of a quarter.
            assertThat(picks().get("10.0.0.3:8080"))
                    .as("%s", type)
                    .isBetween(PICKS / 80, PICKS / 25);
        }
    }

    @Test
    void slowStart_ends() throws Exception {
        LoadBalancer slow = new LoadBalancer(LoadBalancer.Type.RANDOM, null, Duration.ofNanos(1));
        balanced(slow, endpoints(3));
        balanced(slow, endpoints(4));
        assertThat(picks().values()).hasSize(4).allMatch(n -> n > PICKS / 5 && n < PICKS / 3);
    }

    @Test
    void shadow_changesNothing() throws Exception {
        balanced(by(new Hash.ClientIp()), Mode.SHADOW, endpoints(4));
        assertThat(picks()).hasSize(4);
    }

    /// Its connections serve another one no more, so all endpoints are made anew.
    @Test
    void changeOfTransport_leavesNoMomentWithoutEndpoints() throws Exception {
        List<Endpoint> endpoints = endpoints(3);
        backend.update(encrypted(endpoints, "zero.example.com"));
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger without = new AtomicInteger();
        CountDownLatch picking = new CountDownLatch(1);
        Thread picker =
                Thread.ofPlatform()
                        .start(() -> {
                            while (!done.get()) {
                                without.addAndGet(backend.pick(null, null) == null ? 1 : 0);
                                picking.countDown();
                            }
                        });
        picking.await();
        for (int i = 0; i < 20; i++) {
            EndpointPool before = backend.pick(null, null);
            backend.update(encrypted(endpoints, "name-" + i + ".example.com"));
            assertThat(backend.pick(null, null)).isNotNull().isNotEqualTo(before);
        }
        done.set(true);
        picker.join();
        assertThat(without).hasValue(0);
    }

    @Test
    void malformedTransport_leavesNoEndpoints() throws Exception {
        backend.update(encrypted(endpoints(3), "one.example.com"));
        UpstreamTls malformed = tls("one.example.com", List.of("no certificate"));
        assertThatThrownBy(() -> backend.update(upstream(endpoints(3), malformed)))
                .isInstanceOf(GeneralSecurityException.class);
        assertThat(backend.pick(null, null)).isNull();
    }

    private static Upstream encrypted(List<Endpoint> endpoints, String hostname) {
        return upstream(endpoints, tls(hostname, List.of()));
    }

    @SuppressWarnings("NullAway") // it does not see the annotation of a nested type in a record
    private static UpstreamTls tls(String hostname, List<String> authorities) {
        return new UpstreamTls(hostname, List.of(), authorities, null);
    }

    private static Upstream upstream(List<Endpoint> endpoints, UpstreamTls tls) {
        return new Upstream("one", Upstream.Protocol.HTTP1, tls, endpoints, List.of());
    }
}
