package dev.sluice.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.fixture.wire.RawBackend;
import dev.sluice.fixture.wire.RawClient;
import dev.sluice.ir.AttachedPolicy;
import dev.sluice.ir.AttachedPolicy.Mode;
import dev.sluice.ir.LoadBalancer;
import dev.sluice.ir.LoadBalancer.Hash;
import dev.sluice.ir.Upstream;
import dev.sluice.ir.Upstream.Endpoint;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Section `loadBalancer` of ResiliencePolicies over sockets.
class LoadBalancerTest {

    private static final int CLIENTS = 20;

    private static Upstream upstream(
            LoadBalancer.Type type, @Nullable Hash hash, Endpoint... endpoints) {
        AttachedPolicy policy =
                new AttachedPolicy(
                        "ResiliencePolicy",
                        "loadBalancer",
                        Mode.ENFORCE,
                        "test/one",
                        "Service one",
                        new LoadBalancer(type, hash, Duration.ZERO));
        return new Upstream(
                "one", Upstream.Protocol.HTTP1, null, List.of(endpoints), List.of(policy));
    }

    private static String get(TestGateway gateway, String path, String fields) throws Exception {
        try (RawClient client = gateway.client()) {
            return client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n")
                    .read()
                    .body();
        }
    }

    /// Which backends answer the requests of many values; each value has one of them.
    private static Set<String> answers(TestGateway gateway, String fieldsOfValue) throws Exception {
        Set<String> all = new HashSet<>();
        for (int i = 0; i < CLIENTS; i++) {
            String fields = fieldsOfValue.formatted(i) + "\r\n";
            String first = get(gateway, "/", fields);
            assertThat(get(gateway, "/other", fields)).isEqualTo(first);
            assertThat(get(gateway, "/", fields)).isEqualTo(first);
            all.add(first);
        }
        return all;
    }

    @Test
    void hash_ofHeaderAndCookie_choosesForAllRulesAlike() throws Exception {
        try (RawBackend a = RawBackend.saying("a");
                RawBackend b = RawBackend.saying("b");
                TestGateway gateway = new TestGateway().rule("/other", "one").rule("/", "one")) {
            Endpoint[] both = {a.endpoint(), b.endpoint()};
            gateway.backend(
                            upstream(
                                    LoadBalancer.Type.CONSISTENT_HASH,
                                    new Hash.Header("x-user"),
                                    both))
                    .publish();
            assertThat(answers(gateway, "X-User: user-%d")).containsExactlyInAnyOrder("a", "b");
            gateway.backend(
                            upstream(
                                    LoadBalancer.Type.CONSISTENT_HASH,
                                    new Hash.Cookie("user"),
                                    both))
                    .publish();
            assertThat(answers(gateway, "Cookie: xuser=1; user=user-%d; user2=2"))
                    .containsExactlyInAnyOrder("a", "b");
        }
    }

    @Test
    void hash_ofTheClientsAddress_keepsAllToOneEndpoint() throws Exception {
        try (RawBackend a = RawBackend.saying("a");
                RawBackend b = RawBackend.saying("b");
                TestGateway gateway = new TestGateway().rule("/other", "one").rule("/", "one")) {
            gateway.backend(
                            upstream(
                                    LoadBalancer.Type.CONSISTENT_HASH,
                                    new Hash.ClientIp(),
                                    a.endpoint(),
                                    b.endpoint()))
                    .publish();
            assertThat(answers(gateway, "X-User: user-%d")).hasSize(1);
        }
    }

    @Test
    void refusingEndpoint_isFailedOver_underEachWayToChoose() throws Exception {
        Endpoint gone = new Endpoint("127.0.0.1", 1); // tcpmux: nobody has it
        for (LoadBalancer.Type type : LoadBalancer.Type.values()) {
            Hash hash =
                    type == LoadBalancer.Type.CONSISTENT_HASH ? new Hash.Header("x-user") : null;
            try (RawBackend b = RawBackend.saying("b");
                    TestGateway gateway =
                            new TestGateway()
                                    .backend(upstream(type, hash, gone, b.endpoint()))
                                    .rule("/", "one")
                                    .publish()) {
                for (int i = 0; i < CLIENTS; i++) {
                    assertThat(get(gateway, "/", "X-User: user-" + i + "\r\n")).isEqualTo("b");
                }
            }
        }
    }

    @Test
    void policyThatChanges_isInEffectAtOnce_andConnectionsStay() throws Exception {
        try (RawBackend a = RawBackend.saying("a");
                RawBackend b = RawBackend.saying("b");
                TestGateway gateway =
                        new TestGateway()
                                .backend("one", a.endpoint(), b.endpoint())
                                .rule("/", "one")
                                .publish();
                RawClient client = gateway.client()) {
            for (int i = 0; i < 40; i++) {
                client.get("x", "/");
            }
            gateway.backend(
                            upstream(
                                    LoadBalancer.Type.ROUND_ROBIN,
                                    null,
                                    a.endpoint(),
                                    b.endpoint()))
                    .publish();
            int before = a.requests().size();
            for (int i = 0; i < 20; i++) {
                client.get("x", "/");
            }
            assertThat(a.requests().size() - before).isEqualTo(10);
            assertThat(a.connections()).isEqualTo(1);
            assertThat(b.connections()).isEqualTo(1);
        }
    }
}
