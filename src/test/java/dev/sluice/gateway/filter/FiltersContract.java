package dev.sluice.gateway.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.fixture.wire.RawBackend;
import dev.sluice.fixture.wire.RawClient;
import dev.sluice.fixture.wire.RawClient.Response;
import dev.sluice.ir.HttpFilter;
import dev.sluice.ir.HttpFilter.Field;
import dev.sluice.ir.HttpFilter.HeaderEdit;
import dev.sluice.ir.HttpFilter.PathRewrite;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The standard filters, as clients and backends see them.
abstract class FiltersContract {

    /// A gateway whose rules take the way that the subclass is about.
    abstract TestGateway gateway();

    private Response get(String prefix, String target, HttpFilter... filters) throws Exception {
        try (RawBackend backend = RawBackend.echo();
                TestGateway gateway =
                        gateway()
                                .backend("one", backend.endpoint())
                                .rule(prefix, "one", filters)
                                .publish();
                RawClient client = gateway.client()) {
            return client.send(
                            "GET "
                                    + target
                                    + " HTTP/1.1\r\nHost: example.com\r\nX-Set: old\r\nx-set: older\r\n"
                                    + "X-Add: old\r\nX-Remove: 1\r\n\r\n")
                    .read();
        }
    }

    private static HeaderEdit edit() {
        return new HeaderEdit(
                List.of(new Field("x-SET", "new")),
                List.of(new Field("X-Add", "näw")),
                List.of("x-remove"));
    }

    @Test
    void requestHeaders_areSetAddedAndRemoved() throws Exception {
        assertThat(get("/", "/", new HttpFilter.RequestHeaders(edit())).body())
                .contains("x-SET: new\r\n")
                .doesNotContain("old\r\nx-set", "older")
                .contains("X-Add: old\r\n")
                .contains("X-Add: n\u00c3\u00a4w\r\n") // UTF-8
                .doesNotContainIgnoringCase("x-remove");
    }

    @Test
    void responseHeaders_areSetAddedAndRemoved() throws Exception {
        HeaderEdit edit =
                new HeaderEdit(
                        List.of(new Field("content-type", "text/html")),
                        List.of(new Field("X-Add", "1")),
                        List.of("x-none"));
        Response response = get("/", "/", new HttpFilter.ResponseHeaders(edit));
        assertThat(response.field("Content-Type")).isEqualTo("text/html");
        assertThat(response.field("X-Add")).isEqualTo("1");
    }

    @ParameterizedTest
    @CsvSource({
        "/, /a/b?c=d, /new, /new/a/b?c=d",
        "/prefix, /prefix/one?x, /one, /one/one?x",
        "/prefix, /prefix, /, /",
        "/prefix, /prefix/, /, /",
        "/prefix/, /prefix/a, /, /a",
        "/prefix, /prefix/%2F//x, /y/, /y/%2F//x",
        "/prefix, /%70refix/a, /b, /b/a",
        "/prefix, /%70refix/%61//%7e?x, /b, /b/%61//%7e?x",
        "/prefix, //prefix/%41, /b, /b/%41",
        "/a/b, //a///%62, /c, /c",
        "/a/b, /a//b//x//y, /c, /c/x//y",
        "/prefix, /prefix//host/x, /, /host/x",
        "/, //host/x, /, /host/x",
        "/, //host/x, /new, /new/host/x",
        "/%61, /a/x%41, /b, /b/x%41",
        "/%61/, /%61//x, /b, /b/x",
    })
    void prefix_isReplaced(String prefix, String target, String replacement, String seen)
            throws Exception {
        HttpFilter rewrite = new HttpFilter.Rewrite(null, new PathRewrite.Prefix(replacement));
        assertThat(get(prefix, target, rewrite).body()).startsWith("GET " + seen + " HTTP/1.1\r\n");
    }

    @Test
    void rewrite_replacesHostAndPath() throws Exception {
        HttpFilter rewrite = new HttpFilter.Rewrite("other.example", new PathRewrite.Full("/all"));
        assertThat(get("/", "/a?b", rewrite).body())
                .startsWith("GET /all?b HTTP/1.1\r\nhost: other.example\r\n")
                .contains("x-forwarded-host: example.com\r\n");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-, -, -, 302, http://example.com/a?b",
                "https, -, -, 301, https://example.com/a?b",
                "-, other.example, -, 303, http://other.example/a?b",
                "-, -, 8083, 307, http://example.com:8083/a?b",
                "https, -, 8443, 308, https://example.com:8443/a?b",
                "https, -, 443, 302, https://example.com/a?b",
                "http, -, 80, 302, http://example.com/a?b",
            })
    void redirect_answersWithLocation(
            @Nullable String scheme,
            @Nullable String host,
            @Nullable Integer port,
            int status,
            String location)
            throws Exception {
        Response response =
                get("/", "/a?b", new HttpFilter.Redirect(scheme, host, null, port, status));
        assertThat(response.status()).isEqualTo(status);
        assertThat(response.field("Location")).isEqualTo(location);
        assertThat(response.body()).isEmpty();
    }

    @Test
    void redirect_changesThePath() throws Exception {
        HttpFilter redirect =
                new HttpFilter.Redirect(null, null, new PathRewrite.Prefix("/new"), null, 302);
        assertThat(get("/old", "/old/x?y", redirect).field("Location"))
                .isEqualTo("http://example.com/new/x?y");
    }

    private Response cors(HttpFilter.Cors filter, String request) throws Exception {
        try (RawBackend backend =
                        new RawBackend((_, _, out) -> {
                            out.write(
                                    RawBackend.bytes(
                                            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n"
                                                    + "Access-Control-Allow-Origin: *\r\n\r\n"));
                            return true;
                        });
                TestGateway gateway = gateway().to(backend, filter);
                RawClient client = gateway.client()) {
            return client.send(request).read();
        }
    }

    private static String preflight(String origin) {
        return "OPTIONS / HTTP/1.1\r\nHost: example.com\r\nOrigin: "
                + origin
                + "\r\nAccess-Control-Request-Method: PUT\r\n"
                + "Access-Control-Request-Headers: x-a, x-b\r\n\r\n";
    }

    private static HttpFilter.Cors cors(boolean credentials, String... origins) {
        return new HttpFilter.Cors(
                List.of(origins),
                credentials,
                List.of("*"),
                List.of("*"),
                List.of("x-c", "x-d"),
                Duration.ofHours(1));
    }

    @ParameterizedTest
    @CsvSource({
        "https://www.foo.com, https://www.foo.com",
        "https://www.foo.com, https://www.foo.com:443",
        "https://www.foo.com, HTTPS://WWW.FOO.COM",
        "https://*.bar.com, https://a.b.bar.com",
        "https://*.bar.com:8443, https://a.bar.com:8443",
        "*, null",
    })
    void corsPreflight_isAnsweredForAllowedOrigins(String allowed, String origin) throws Exception {
        Response response = cors(cors(true, allowed), preflight(origin));
        assertThat(response.status()).isEqualTo(204);
        assertThat(response.field("Access-Control-Allow-Origin")).isEqualTo(origin);
        assertThat(response.field("Access-Control-Allow-Credentials")).isEqualTo("true");
        assertThat(response.field("Access-Control-Allow-Methods")).isEqualTo("PUT");
        assertThat(response.field("Access-Control-Allow-Headers")).isEqualTo("x-a, x-b");
        assertThat(response.field("Access-Control-Expose-Headers")).isEqualTo("x-c, x-d");
        assertThat(response.field("Access-Control-Max-Age")).isEqualTo("3600");
        assertThat(response.field("Vary")).isEqualToIgnoringCase("Origin");
    }

    @ParameterizedTest
    @CsvSource({
        "https://www.foo.com, http://www.foo.com",
        "https://*.bar.com, https://bar.com",
        "https://*.bar.com, https://a.bar.com.evil.com",
        "https://*.bar.com, https://evil.com/.bar.com",
    })
    void corsPreflight_ofAnotherOriginGetsNoPermission(String allowed, String origin)
            throws Exception {
        Response response = cors(cors(true, allowed), preflight(origin));
        assertThat(response.status()).isEqualTo(204);
        assertThat(response.field("Access-Control-Allow-Origin")).isEmpty();
        assertThat(response.field("Access-Control-Allow-Methods")).isEmpty();
    }

    @Test
    void cors_replacesWhatTheBackendAllows() throws Exception {
        String request = "GET / HTTP/1.1\r\nHost: example.com\r\nOrigin: http://%s\r\n\r\n";
        HttpFilter.Cors filter = cors(false, "http://a.com");
        assertThat(cors(filter, request.formatted("a.com")).field("Access-Control-Allow-Origin"))
                .isEqualTo("http://a.com");
        assertThat(cors(filter, request.formatted("b.com")).field("Access-Control-Allow-Origin"))
                .isEmpty();
        assertThat(
                        cors(cors(false, "*"), request.formatted("b.com"))
                                .field("Access-Control-Allow-Origin"))
                .isEqualTo("*");
    }
}
