package dev.sluice.gateway.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.gateway.SpringStageFixture;
import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.fixture.wire.RawBackend;
import dev.sluice.fixture.wire.RawClient;
import dev.sluice.fixture.wire.RawClient.Response;
import dev.sluice.ir.HttpFilter;
import dev.sluice.ir.HttpFilter.Field;
import dev.sluice.ir.HttpFilter.HeaderEdit;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import redis.embedded.RedisServer;

/// Filters of Spring Cloud Gateway by `ExtensionRef`.
class SpringFiltersTest {

    private static HttpFilter spring(String factory, Map<String, ?> args) {
        return new HttpFilter.Spring("test", factory, args);
    }

    private static Response send(String request, HttpFilter... filters) throws Exception {
        try (RawBackend backend = RawBackend.echo();
                TestGateway gateway = SpringStageFixture.gateway().to(backend, filters);
                RawClient client = gateway.client()) {
            return client.send(request).read();
        }
    }

    private static Response get(String target, HttpFilter... filters) throws Exception {
        return send("GET " + target + " HTTP/1.1\r\nHost: example.com\r\n\r\n", filters);
    }

    @Test
    void addRequestHeader_reachesTheBackend() throws Exception {
        HttpFilter filter = spring("AddRequestHeader", Map.of("name", "X-Spring", "value", "yes"));
        assertThat(get("/a|b?x=%zz&x=1", filter).body())
                .startsWith("GET /a|b?x=%zz&x=1 HTTP/1.1\r\nhost: example.com\r\n")
                .contains("X-Spring: yes\r\n");
    }

    @Test
    void addResponseHeader_reachesTheClient() throws Exception {
        HttpFilter filter = spring("AddResponseHeader", Map.of("name", "X-Spring", "value", "yes"));
        assertThat(get("/", filter).field("X-Spring")).isEqualTo("yes");
    }

    @Test
    void rewritePath_keepsTheRawQuery() throws Exception {
        HttpFilter filter =
                spring(
                        "RewritePath",
                        Map.of("regexp", "/api/(?<rest>.*)", "replacement", "/${rest}"));
        assertThat(get("/api/users?a=%27&b[]=1", filter).body())
                .startsWith("GET /users?a=%27&b[]=1 HTTP/1.1\r\n");
    }

    /// As a cluster's API server hands them over, or a map that knows no order.
    @Test
    void positionalArguments_areOfTheirNumber() throws Exception {
        Map<String, String> args = new LinkedHashMap<>();
        args.put("_genkey_1", "/${rest}");
        args.put("_genkey_0", "/api/(?<rest>.*)");
        assertThat(get("/api/users", spring("RewritePath", args)).body())
                .startsWith("GET /users HTTP/1.1\r\n");
    }

    @Test
    void setRequestHostHeader_isTheHostSent() throws Exception {
        HttpFilter filter = spring("SetRequestHostHeader", Map.of("host", "other.example"));
        assertThat(get("/", filter).body()).contains("host: other.example\r\n");
    }

    @Test
    void setStatus_changesTheStatus() throws Exception {
        assertThat(get("/", spring("SetStatus", Map.of("status", "418"))).status()).isEqualTo(418);
    }

    @Test
    void redirectTo_answersWithoutTheBackend() throws Exception {
        HttpFilter filter =
                spring("RedirectTo", Map.of("status", "302", "url", "https://other.example/"));
        Response response = get("/", filter);
        assertThat(response.status()).isEqualTo(302);
        assertThat(response.field("Location")).isEqualTo("https://other.example/");
    }

    @Test
    void cacheRequestBody_leavesTheBodyWhole() throws Exception {
        HttpFilter filter = spring("CacheRequestBody", Map.of("bodyClass", "java.lang.String"));
        String body = "x".repeat(100_000);
        Response response =
                send(
                        "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: "
                                + body.length()
                                + "\r\n\r\n"
                                + body,
                        filter);
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body()).endsWith(body);
    }

    /// A filter that keeps the body reads it before there is a backend to answer the expectation.
    @ParameterizedTest
    @ValueSource(strings = {"Retry", "CacheRequestBody"})
    void filterThatKeepsTheBody_meetsTheExpectation(String factory) throws Exception {
        HttpFilter filter =
                spring(
                        factory,
                        factory.equals("Retry")
                                ? Map.of("retries", "2", "methods", "POST")
                                : Map.of("bodyClass", "java.lang.String"));
        try (RawBackend backend = RawBackend.echo();
                TestGateway gateway =
                        SpringStageFixture.gateway()
                                .backend("one", backend.endpoint())
                                .rule("/unused-" + factory, "one")
                                .rule("/" + factory, "one", filter)
                                .publish();
                RawClient client = gateway.client()) {
            client.send(
                    "POST /"
                            + factory
                            + " HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\n"
                            + "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(100);
            Response response = client.send("hello").read();
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.body()).endsWith("hello").doesNotContainIgnoringCase("expect");
        }
    }

    @Test
    void standardFilters_runAroundSpringFilters() throws Exception {
        HttpFilter before =
                new HttpFilter.RequestHeaders(
                        new HeaderEdit(
                                List.of(new Field("X-Order", "standard")), List.of(), List.of()));
        HttpFilter map =
                spring("MapRequestHeader", Map.of("fromHeader", "X-Order", "toHeader", "X-Seen"));
        assertThat(get("/", before, map).body()).contains("X-Seen: standard\r\n");
    }

    @Test
    void unknownFactory_answers500_andNothingReachesTheBackend() throws Exception {
        try (RawBackend backend = RawBackend.echo();
                TestGateway gateway =
                        SpringStageFixture.gateway().to(backend, spring("NoSuchFilter", Map.of()));
                RawClient client = gateway.client()) {
            Response response = client.get("a", "/");
            assertThat(response.status()).isEqualTo(500);
            assertThat(response.body()).isEqualTo("a filter of the rule is not usable\n");
            assertThat(backend.requests()).isEmpty();
        }
    }

    @Test
    void retry_triesAgain() throws Exception {
        try (RawBackend backend =
                        new RawBackend(
                                new RawBackend.Script() {
                                    private int tries;

                                    @Override
                                    public boolean serve(
                                            String request,
                                            java.io.InputStream in,
                                            java.io.OutputStream out)
                                            throws java.io.IOException {
                                        tries++;
                                        out.write(
                                                tries < 3
                                                        ? RawBackend.bytes(
                                                                "HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy")
                                                        : RawBackend.ok("third"));
                                        return true;
                                    }
                                });
                TestGateway gateway =
                        SpringStageFixture.gateway()
                                .backend("one", backend.endpoint())
                                // Retry makes Spring hold the bodies of its route, by the route's
                                // id: not of the first rule, whose id all gateways here share.
                                .rule("/unused", "one")
                                .rule(
                                        "/",
                                        "one",
                                        spring(
                                                "Retry",
                                                Map.of(
                                                        "retries",
                                                        3,
                                                        "statuses",
                                                        List.of("SERVICE_UNAVAILABLE"),
                                                        "backoff",
                                                        Map.of("firstBackoff", "1ms"))))
                                .publish();
                RawClient client = gateway.client()) {
            assertThat(client.get("a", "/").body()).isEqualTo("third");
            assertThat(client.get("a", "/").body()).isEqualTo("third");
        }
    }

    @Test
    void rewriteResponseHeader_hidesWhatItMatches() throws Exception {
        HttpFilter filter =
                spring(
                        "RewriteResponseHeader",
                        Map.of("name", "Content-Type", "regexp", "plain", "replacement", "html"));
        assertThat(get("/", filter).field("Content-Type")).isEqualTo("text/html");
    }

    @Test
    void circuitBreaker_opensAndSparesTheBackend() throws Exception {
        HttpFilter filter =
                spring("CircuitBreaker", Map.of("name", "opens", "statusCodes[0]", "500"));
        try (RawBackend backend =
                        new RawBackend((_, _, out) -> {
                            out.write(
                                    RawBackend.bytes(
                                            "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"));
                            return true;
                        });
                TestGateway gateway = SpringStageFixture.gateway().to(backend, filter);
                RawClient client = gateway.client()) {
            // Resilience4j's default: half of 100 calls must have failed.
            for (int i = 0; i < 100; i++) {
                assertThat(client.get("a", "/").status()).isEqualTo(500);
            }
            assertThat(client.get("a", "/").status()).isEqualTo(503);
            assertThat(backend.requests()).hasSize(100);
        }
    }

    @Test
    void requestRateLimiter_limitsByClientAddressAndFailsOpenWithoutRedis() throws Exception {
        HttpFilter filter =
                spring(
                        "RequestRateLimiter",
                        Map.of(
                                "redis-rate-limiter.replenishRate",
                                "1",
                                "redis-rate-limiter.burstCapacity",
                                "3",
                                "redis-rate-limiter.requestedTokens",
                                "1"));
        try (RawBackend backend = RawBackend.echo();
                TestGateway gateway = SpringStageFixture.gateway().to(backend, filter);
                RawClient client = gateway.client()) {
            assertThat(client.get("a", "/").status()).isEqualTo(200);
            RedisServer redis = new RedisServer(SpringStageFixture.REDIS_PORT);
            redis.start();
            try {
                Awaitility.await()
                        .atMost(Duration.ofSeconds(30))
                        .untilAsserted(
                                () -> assertThat(client.get("a", "/").status()).isEqualTo(429));
                assertThat(client.get("a", "/").field("X-RateLimit-Burst-Capacity")).isEqualTo("3");
            } finally {
                redis.stop();
            }
        }
    }

    @Test
    void health_doesNotAskForRedis() {
        assertThat(SpringStageFixture.context().getBeanNamesForType(HealthIndicator.class))
                .noneMatch(name -> name.toLowerCase(Locale.ROOT).contains("redis"));
        assertThat(SpringStageFixture.context().getBeanNamesForType(ReactiveHealthIndicator.class))
                .noneMatch(name -> name.toLowerCase(Locale.ROOT).contains("redis"));
    }
}
