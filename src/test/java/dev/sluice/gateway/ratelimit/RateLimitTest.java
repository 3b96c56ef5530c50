package dev.sluice.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.engine.RulePolicies;
import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.fixture.wire.RawBackend;
import dev.sluice.ir.AttachedPolicy;
import dev.sluice.ir.AttachedPolicy.Mode;
import dev.sluice.ir.PolicySection;
import dev.sluice.policy.ratelimit.Limit;
import dev.sluice.policy.ratelimit.Limit.KeyPart;
import dev.sluice.policy.ratelimit.Limits;
import dev.sluice.policy.ratelimit.RateLimitStages;
import dev.sluice.policy.ratelimit.Refusal;
import dev.sluice.server.ServerSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// RateLimitPolicy over sockets, with buckets that refill too slowly to matter in a test.
class RateLimitTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final RulePolicies policies =
            new RulePolicies(Map.of("RateLimitPolicy", new RateLimitStages(meters)));
    private final HttpClient client = HttpClient.newHttpClient();

    private static Limit limit(String name, long burst, Limit.When when, KeyPart... key) {
        Limit.Rate rate = new Limit.Rate(burst, Duration.ofHours(1), burst);
        return new Limit(name, List.of(key), when, rate);
    }

    private static AttachedPolicy section(Mode mode, String name, PolicySection value) {
        String target = "HTTPRoute test/route";
        return new AttachedPolicy("RateLimitPolicy", name, mode, "test/limits", target, value);
    }

    private static AttachedPolicy limits(Mode mode, Limit... all) {
        return section(mode, "limits", new Limits(List.of(all)));
    }

    private TestGateway gateway(RawBackend backend, AttachedPolicy... sections) {
        return new TestGateway(ServerSettings.DEFAULT, _ -> null, policies)
                .backend("one", backend.endpoint())
                .rule("one", sections)
                .publish();
    }

    private HttpResponse<String> get(TestGateway gateway, String path, String... fields)
            throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + gateway.port() + path);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10));
        if (fields.length > 0) {
            request.headers(fields);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static String field(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    @Test
    void requestsBeyondTheBurst_areRefusedWithReasonAndTime() throws Exception {
        try (RawBackend backend = RawBackend.saying("hello");
                TestGateway gateway =
                        gateway(
                                backend,
                                limits(Mode.ENFORCE, limit("all", 2, Limit.When.ALWAYS)))) {
            HttpResponse<String> first = get(gateway, "/");
            assertThat(first.statusCode()).isEqualTo(200);
            assertThat(field(first, "ratelimit-policy")).isEqualTo("\"all\";q=2;w=3600");
            assertThat(field(first, "ratelimit")).isEqualTo("\"all\";r=1;t=1800");
            assertThat(get(gateway, "/").statusCode()).isEqualTo(200);
            HttpResponse<String> third = get(gateway, "/");
            assertThat(third.statusCode()).isEqualTo(429);
            assertThat(third.body()).isEqualTo("too many requests: limit all\n");
            assertThat(Integer.parseInt(field(third, "retry-after"))).isBetween(1790, 1800);
            assertThat(field(third, "ratelimit")).startsWith("\"all\";r=0;");
            assertThat(
                            meters.get("sluice.policy.refused")
                                    .tag("policy", "RateLimitPolicy test/limits")
                                    .counter()
                                    .count())
                    .isEqualTo(1);
        }
    }

    @Test
    void keys_haveBucketsOfTheirOwn() throws Exception {
        Limit perTenant =
                limit(
                        "tenant",
                        1,
                        Limit.When.ALWAYS,
                        new KeyPart.Header("x-tenant"),
                        new KeyPart.ClientIp(64));
        try (RawBackend backend = RawBackend.saying("hello");
                TestGateway gateway = gateway(backend, limits(Mode.ENFORCE, perTenant))) {
            assertThat(get(gateway, "/", "x-tenant", "a").statusCode()).isEqualTo(200);
            assertThat(get(gateway, "/", "x-tenant", "b").statusCode()).isEqualTo(200);
            assertThat(get(gateway, "/", "x-tenant", "a").statusCode()).isEqualTo(429);
            assertThat(get(gateway, "/").statusCode()).isEqualTo(200);
        }
    }

    private static String[] times(int count) {
        return IntStream.range(0, count)
                .boxed()
                .flatMap(i -> Stream.of("x-tenant", "t" + i))
                .toArray(String[]::new);
    }

    @Test
    void fieldThatCameSeveralTimes_countsByEachValue() throws Exception {
        Limit limit = limit("tenant", 1, Limit.When.ALWAYS, new KeyPart.Header("x-tenant"));
        try (RawBackend backend = RawBackend.saying("hello");
                TestGateway gateway = gateway(backend, limits(Mode.ENFORCE, limit))) {
            String[] both = {"x-tenant", "a", "x-tenant", "b"};
            assertThat(get(gateway, "/", both).statusCode()).isEqualTo(200);
            assertThat(get(gateway, "/", "x-tenant", "a").statusCode()).isEqualTo(429);
            assertThat(get(gateway, "/", "x-tenant", "b").statusCode()).isEqualTo(429);
            // What is refused by one value costs nothing by the other.
            String[] cThenA = {"x-tenant", "c", "x-tenant", "a"};
            assertThat(get(gateway, "/", cThenA).statusCode()).isEqualTo(429);
            assertThat(get(gateway, "/", "x-tenant", "c").statusCode()).isEqualTo(200);
            String[] twice = {"x-tenant", "e", "x-tenant", "e"};
            assertThat(get(gateway, "/", twice).statusCode()).isEqualTo(200);
            assertThat(get(gateway, "/", times(8)).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void fieldThatCameTooOften_isRefused() throws Exception {
        Limit one = limit("tenant", 1, Limit.When.ALWAYS, new KeyPart.Header("x-tenant"));
        Limit two =
                limit(
                        "two",
                        100,
                        new Limit.When(List.of(), List.of("/two")),
                        new KeyPart.Header("x-tenant"),
                        new KeyPart.Header("x-user"));
        try (RawBackend backend = RawBackend.saying("hello");
                TestGateway gateway = gateway(backend, limits(Mode.ENFORCE, two, one))) {
            HttpResponse<String> refused = get(gateway, "/", times(9));
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.body())
                    .isEqualTo("limit tenant cannot count the request: a field came too often\n");
            String[] product = {
                "x-tenant",
                "a",
                "x-tenant",
                "b",
                "x-tenant",
                "c",
                "x-user",
                "a",
                "x-user",
                "b",
                "x-user",
                "c"
            };
            assertThat(get(gateway, "/two", product).statusCode()).isEqualTo(400);
            // Nothing was counted.
            assertThat(get(gateway, "/", product).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void fieldThatCameTooOften_underShadow_isCountedAndPasses() throws Exception {
        Limit limit = limit("tenant", 1, Limit.When.ALWAYS, new KeyPart.Header("x-tenant"));
        try (RawBackend backend = RawBackend.saying("hello");
                TestGateway gateway = gateway(backend, limits(Mode.SHADOW, limit))) {
            assertThat(get(gateway, "/", times(9)).statusCode()).isEqualTo(200);
            assertThat(meters.get("sluice.policy.refused").tag("mode", "shadow").counter().count())
                    .isEqualTo(1);
        }
    }

    @Test
    void fieldThatCameSeveralTimes_passesByNoConditionCostOrExpression() throws Exception {
        Limit.When free =
                new Limit.When(
                        List.of(),
                        List.of("/free"),
                        List.of(new Limit.When.Header("x-plan", List.of("free"))),
                        null);
        Limit byPlan = limit("plan", 1, free);
        Limit byUser =
                limit(
                        "user",
                        1,
                        new Limit.When(List.of(), List.of("/user")),
                        new KeyPart.Cel("request.headers['x-user']"));
        try (RawBackend backend = RawBackend.saying("hello");
                TestGateway gateway = gateway(backend, limits(Mode.ENFORCE, byPlan, byUser))) {
            String[] plans = {"x-plan", "free", "x-plan", "paid"};
            assertThat(get(gateway, "/free", plans).statusCode()).isEqualTo(200);
            assertThat(get(gateway, "/free", plans).statusCode()).isEqualTo(429);
            assertThat(get(gateway, "/user", "x-user", "a").statusCode()).isEqualTo(200);
            assertThat(get(gateway, "/user", "x-user", "a", "x-user", "b").statusCode())
                    .isEqualTo(400);
        }
        Limit cost = costing(10, new Limit.Cost(1, "x-cost", null));
        try (RawBackend backend = RawBackend.saying("hello");
                TestGateway gateway = gateway(backend, limits(Mode.ENFORCE, cost))) {
            assertThat(field(get(gateway, "/", "x-cost", "1", "x-cost", "7"), "ratelimit"))
                    .startsWith("\"all\";r=3;");
        }
    }

    @Test
    void refusedRequest_costsNothingInOtherLimits() throws Exception {
        Limit wide = limit("wide", 2, Limit.When.ALWAYS);
        Limit narrow = limit("narrow", 1, new Limit.When(List.of(), List.of("/narrow")));
        try (RawBackend backend = RawBackend.saying("hello");
                TestGateway gateway = gateway(backend, limits(Mode.ENFORCE, wide, narrow))) {
            assertThat(get(gateway, "/narrow/x").statusCode()).isEqualTo(200);
            assertThat(get(gateway, "/narrow").statusCode()).isEqualTo(429);
            assertThat(get(gateway, "/narrower").statusCode()).isEqualTo(200);
            assertThat(get(gateway, "/narrower").statusCode()).isEqualTo(429);
        }
    }

    @Test
    void limitOfAPath_countsWhatABackendMayReadAsIt() throws Exception {
        Limit narrow = limit("narrow", 1, new Limit.When(List.of(), List.of("/narrow")));
        try (RawBackend backend = RawBackend.saying("hello");
                TestGateway gateway = gateway(backend, limits(Mode.ENFORCE, narrow))) {
            assertThat(get(gateway, "/narrow").statusCode()).isEqualTo(200);
            for (String spelling : List.of("/Narrow", "/narrow;x", "/;/narrow", "/narrow%2Fx")) {
                assertThat(get(gateway, spelling).statusCode()).as(spelling).isEqualTo(429);
            }
            assertThat(get(gateway, "/narrower;x").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void keyInCel_andConditions_chooseTheBucket() throws Exception {
        Limit.When when =
                new Limit.When(
                        List.of(),
                        List.of(),
                        List.of(new Limit.When.Header("x-plan", List.of("free", "trial"))),
                        "request.path != '/health'");
        Limit limit =
                limit("plan", 1, when, new KeyPart.Cel("request.headers['x-user'].split('@')[1]"));
        try (RawBackend backend = RawBackend.saying("hello");
                TestGateway gateway = gateway(backend, limits(Mode.ENFORCE, limit))) {
            String[] ann = {"x-plan", "free", "x-user", "ann@a.example"};
            String[] bob = {"x-plan", "trial", "x-user", "bob@a.example"};
            assertThat(get(gateway, "/", ann).statusCode()).isEqualTo(200);
            assertThat(get(gateway, "/", bob).statusCode()).isEqualTo(429);
            assertThat(get(gateway, "/health", bob).statusCode()).isEqualTo(200);
            assertThat(get(gateway, "/", "x-plan", "paid", "x-user", "b@a.example").statusCode())
                    .isEqualTo(200);
            assertThat(get(gateway, "/", "x-plan", "free", "x-user", "c@b.example").statusCode())
                    .isEqualTo(200);
            // Those for whom it has no result share a bucket.
            assertThat(get(gateway, "/", "x-plan", "free").statusCode()).isEqualTo(200);
            assertThat(get(gateway, "/", "x-plan", "free").statusCode()).isEqualTo(429);
        }
    }

    @Test
    void conditionWithoutResult_counts() throws Exception {
        Limit.When when =
                new Limit.When(List.of(), List.of(), List.of(), "request.headers['x-no'] == 'a'");
        try (RawBackend backend = RawBackend.saying("hello");
                TestGateway gateway = gateway(backend, limits(Mode.ENFORCE, limit("a", 1, when)))) {
            assertThat(get(gateway, "/").statusCode()).isEqualTo(200);
            assertThat(get(gateway, "/").statusCode()).isEqualTo(429);
            assertThat(get(gateway, "/", "x-no", "b").statusCode()).isEqualTo(200);
        }
    }

    private static Limit costing(long burst, Limit.Cost cost) {
        Limit.Rate rate = new Limit.Rate(burst, Duration.ofHours(1), burst);
        return new Limit("all", List.of(), Limit.When.ALWAYS, rate, cost, Limit.Scope.LOCAL);
    }

    @Test
    void costOfRequests_isWhatTheFieldSays() throws Exception {
        Limit limit = costing(10, new Limit.Cost(2, "x-cost", null));
        try (RawBackend backend = RawBackend.saying("hello");
                TestGateway gateway = gateway(backend, limits(Mode.ENFORCE, limit))) {
            assertThat(field(get(gateway, "/"), "ratelimit")).startsWith("\"all\";r=8;");
            assertThat(field(get(gateway, "/", "x-cost", "5"), "ratelimit"))
                    .startsWith("\"all\";r=3;");
            assertThat(get(gateway, "/", "x-cost", "4").statusCode()).isEqualTo(429);
            assertThat(get(gateway, "/", "x-cost", "999999999999999999").statusCode())
                    .isEqualTo(429);
            assertThat(field(get(gateway, "/", "x-cost", "much"), "ratelimit"))
                    .startsWith("\"all\";r=1;");
            assertThat(field(get(gateway, "/", "x-cost", "0"), "ratelimit"))
                    .startsWith("\"all\";r=0;");
        }
    }

    @Test
    void costOfResponses_isTakenAfterwards() throws Exception {
        byte[] dear = RawBackend.bytes("HTTP/1.1 200 OK\r\nx-cost: 7\r\nContent-Length: 0\r\n\r\n");
        Limit limit = costing(10, new Limit.Cost(1, null, "x-cost"));
        try (RawBackend backend =
                        new RawBackend((_, _, out) -> {
                            out.write(dear);
                            return true;
                        });
                TestGateway gateway = gateway(backend, limits(Mode.ENFORCE, limit))) {
            assertThat(get(gateway, "/").statusCode()).isEqualTo(200);
            assertThat(get(gateway, "/").statusCode()).isEqualTo(200); // 1 of 2 that are left
            HttpResponse<String> refused = get(gateway, "/");
            assertThat(refused.statusCode()).isEqualTo(429);
            // 16 of 10 are taken: until the seventh of them is back
            assertThat(Integer.parseInt(field(refused, "retry-after"))).isBetween(2500, 2520);
        }
    }

    @Test
    void shadow_countsAndLetsPass() throws Exception {
        try (RawBackend backend = RawBackend.saying("hello");
                TestGateway gateway =
                        gateway(backend, limits(Mode.SHADOW, limit("all", 1, Limit.When.ALWAYS)))) {
            for (int i = 0; i < 3; i++) {
                HttpResponse<String> response = get(gateway, "/");
                assertThat(response.statusCode()).isEqualTo(200);
                assertThat(field(response, "ratelimit")).isEmpty();
            }
            assertThat(meters.get("sluice.policy.refused").tag("mode", "shadow").counter().count())
                    .isEqualTo(2);
        }
    }

    @Test
    void off_doesNothing() throws Exception {
        try (RawBackend backend = RawBackend.saying("hello");
                TestGateway gateway =
                        gateway(backend, limits(Mode.OFF, limit("all", 1, Limit.When.ALWAYS)))) {
            assertThat(get(gateway, "/").statusCode()).isEqualTo(200);
            assertThat(get(gateway, "/").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void response_isAsWritten() throws Exception {
        Refusal legacy = new Refusal(503, Refusal.HeaderStyle.LEGACY, false);
        try (RawBackend backend = RawBackend.saying("hello");
                TestGateway gateway =
                        gateway(
                                backend,
                                limits(Mode.ENFORCE, limit("all", 1, Limit.When.ALWAYS)),
                                section(Mode.ENFORCE, "response", legacy))) {
            assertThat(field(get(gateway, "/"), "x-ratelimit-remaining")).isEqualTo("0");
            HttpResponse<String> refused = get(gateway, "/");
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(field(refused, "x-ratelimit-limit")).isEqualTo("1");
            assertThat(field(refused, "retry-after")).isEmpty();
        }
    }

    @Test
    void buckets_outliveAChangeOfTheRule() throws Exception {
        AttachedPolicy limits = limits(Mode.ENFORCE, limit("all", 1, Limit.When.ALWAYS));
        try (RawBackend backend = RawBackend.saying("hello");
                TestGateway gateway = gateway(backend, limits)) {
            assertThat(get(gateway, "/").statusCode()).isEqualTo(200);
            gateway.rule("/other", "one").publish();
            assertThat(get(gateway, "/").statusCode()).isEqualTo(429);
        }
    }

    @Test
    void policyThatMustNotBePassedBy_andIsBroken_closesTheRule() throws Exception {
        PolicySection broken = new PolicySection.Unusable("no such Secret");
        try (RawBackend backend = RawBackend.saying("hello");
                TestGateway gateway = gateway(backend, section(Mode.ENFORCE, "limits", broken))) {
            HttpResponse<String> response = get(gateway, "/");
            assertThat(response.statusCode()).isEqualTo(500);
            assertThat(response.body())
                    .isEqualTo("the RateLimitPolicy of the rule is not usable\n");
        }
    }

    @Test
    void brokenPolicyThatOnlyCounts_closesNothing() throws Exception {
        PolicySection broken = new PolicySection.Unusable("no such Secret");
        try (RawBackend backend = RawBackend.saying("hello");
                TestGateway gateway = gateway(backend, section(Mode.SHADOW, "limits", broken))) {
            assertThat(get(gateway, "/").statusCode()).isEqualTo(200);
        }
    }
}
