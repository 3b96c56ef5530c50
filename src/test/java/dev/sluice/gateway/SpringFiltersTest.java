package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.RawClient.Response;
import dev.sluice.ir.HttpFilter;
import dev.sluice.ir.HttpFilter.Field;
import dev.sluice.ir.HttpFilter.HeaderEdit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Filters of Spring Cloud Gateway by `ExtensionRef`.
class SpringFiltersTest {

    private static HttpFilter spring(String factory, Map<String, String> args) {
        return new HttpFilter.Spring("test", factory, args);
    }

    private static Response send(String request, HttpFilter... filters) throws Exception {
        try (RawBackend backend = RawBackend.echo();
                TestGateway gateway =
                        SpringStageFixture.gateway()
                                .backend("one", backend.endpoint())
                                .rule("/", "one", filters)
                                .publish();
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
    void unknownFactory_answers500() throws Exception {
        Response response = get("/", spring("NoSuchFilter", Map.of()));
        assertThat(response.status()).isEqualTo(500);
        assertThat(response.body()).isEqualTo("a filter of the rule is not usable\n");
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
                                .rule(
                                        "/",
                                        "one",
                                        spring(
                                                "Retry",
                                                Map.of(
                                                        "retries",
                                                        "3",
                                                        "statuses",
                                                        "SERVICE_UNAVAILABLE")))
                                .publish();
                RawClient client = gateway.client()) {
            assertThat(client.get("a", "/").body()).isEqualTo("third");
            assertThat(client.get("a", "/").body()).isEqualTo("third");
        }
    }
}
