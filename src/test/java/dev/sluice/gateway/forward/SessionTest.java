package dev.sluice.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.fixture.wire.RawBackend;
import dev.sluice.fixture.wire.RawClient;
import dev.sluice.fixture.wire.RawClient.Response;
import dev.sluice.ir.SessionPersistence;
import dev.sluice.ir.SessionPersistence.Carrier;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// `sessionPersistence` (GEP-1619).
class SessionTest {

    private static final SessionPersistence COOKIE = session(Carrier.COOKIE, 0, 0, false);

    private static SessionPersistence session(
            Carrier carrier, int absolute, int idle, boolean permanent) {
        return new SessionPersistence(
                carrier, "sid", Duration.ofSeconds(absolute), Duration.ofSeconds(idle), permanent);
    }

    private static Response get(RawClient client, String field) throws Exception {
        return get(client, "/", field);
    }

    private static Response get(RawClient client, String path, String field) throws Exception {
        return client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n" + field + "\r\n").read();
    }

    private static String pair(Response response) {
        return response.field("Set-Cookie").split(";", 2)[0];
    }

    @Test
    void cookie_keepsTheEndpoint() throws Exception {
        try (RawBackend a = RawBackend.saying("a");
                RawBackend b = RawBackend.saying("b");
                RawBackend c = RawBackend.saying("c");
                TestGateway gateway =
                        new TestGateway()
                                .backend("one", a.endpoint(), b.endpoint())
                                .backend("two", c.endpoint())
                                .session(
                                        COOKIE,
                                        TestGateway.forward(1, "one"),
                                        TestGateway.forward(1, "two"))
                                .publish();
                RawClient client = gateway.client()) {
            for (int i = 0; i < 10; i++) {
                Response first = get(client, "");
                assertThat(first.field("Set-Cookie"))
                        .matches("sid=[A-Za-z0-9_-]{24}; Path=/; HttpOnly; SameSite=Lax");
                for (int j = 0; j < 10; j++) {
                    Response next = get(client, "Cookie: x=1; sid=0; " + pair(first) + "x\r\n");
                    assertThat(next.field("Set-Cookie")).isNotEmpty();
                    next = get(client, "Cookie: xsid=1; " + pair(first) + "; b=2\r\n");
                    assertThat(next.body()).isEqualTo(first.body());
                    assertThat(next.field("Set-Cookie")).isEmpty();
                }
            }
        }
    }

    /// GEP-1619: rules do not share sessions, and a client's cookies of two rules do not mix.
    @Test
    void rulesWithOneCookieName_keepTheirOwnSessions() throws Exception {
        try (RawBackend a = RawBackend.saying("a");
                RawBackend b = RawBackend.saying("b");
                TestGateway gateway =
                        new TestGateway()
                                .backend("one", a.endpoint(), b.endpoint())
                                .session("/", COOKIE, TestGateway.forward(1, "one"))
                                .session("/shop/", COOKIE, TestGateway.forward(1, "one"))
                                .publish();
                RawClient client = gateway.client()) {
            for (int i = 0; i < 10; i++) {
                Response outer = get(client, "/", "");
                String outerCookie = pair(outer);
                // What a browser has for / goes to /shop, too.
                Response inner = get(client, "/shop/1", "Cookie: " + outerCookie + "\r\n");
                assertThat(inner.field("Set-Cookie")).contains("; Path=/shop;");
                // RFC 6265 5.4: the longer path first.
                String both = "Cookie: " + pair(inner) + "; " + outerCookie + "\r\n";
                String swapped = "Cookie: " + outerCookie + "; " + pair(inner) + "\r\n";
                for (int j = 0; j < 5; j++) {
                    assertThat(get(client, "/", "Cookie: " + outerCookie + "\r\n").body())
                            .isEqualTo(outer.body());
                    for (String cookies : List.of(both, swapped)) {
                        Response next = get(client, "/shop/1", cookies);
                        assertThat(next.body()).isEqualTo(inner.body());
                        assertThat(next.field("Set-Cookie")).isEmpty();
                    }
                }
            }
        }
    }

    @Test
    void header_keepsTheEndpoint() throws Exception {
        try (RawBackend a = RawBackend.saying("a");
                RawBackend b = RawBackend.saying("b");
                TestGateway gateway =
                        new TestGateway().to(session(Carrier.HEADER, 0, 0, false), a, b);
                RawClient client = gateway.client()) {
            Response first = get(client, "");
            for (int i = 0; i < 20; i++) {
                Response next = get(client, "SID: " + first.field("sid") + "\r\n");
                assertThat(next.body()).isEqualTo(first.body());
            }
        }
    }

    @Test
    void session_outlivesWeightsAndEndsWithItsEndpoint() throws Exception {
        try (RawBackend a = RawBackend.saying("a");
                RawBackend b = RawBackend.saying("b");
                TestGateway gateway =
                        new TestGateway()
                                .backend("one", a.endpoint())
                                .backend("two", b.endpoint())
                                .session(
                                        COOKIE,
                                        TestGateway.forward(1, "one"),
                                        TestGateway.forward(0, "two"))
                                .publish();
                RawClient client = gateway.client()) {
            String cookie = "Cookie: " + pair(get(client, "")) + "\r\n";
            gateway.clearRules()
                    .session(COOKIE, TestGateway.forward(0, "one"), TestGateway.forward(1, "two"))
                    .publish();
            assertThat(get(client, cookie).body()).isEqualTo("a");
            assertThat(get(client, "").body()).isEqualTo("b");
            gateway.backend("one").publish();
            Response moved = get(client, cookie);
            assertThat(moved.body()).isEqualTo("b");
            assertThat(moved.field("Set-Cookie")).startsWith("sid=");
        }
    }

    @Test
    void refusingEndpoint_movesTheSession() throws Exception {
        try (RawBackend a = RawBackend.saying("a");
                RawBackend b = RawBackend.saying("b");
                TestGateway gateway = new TestGateway().to(COOKIE, a, b);
                RawClient client = gateway.client()) {
            Response first = get(client, "");
            (first.body().equals("a") ? a : b).close();
            Response moved = get(client, "Cookie: " + pair(first) + "\r\n");
            assertThat(moved.status()).isEqualTo(200);
            assertThat(moved.body()).isNotEqualTo(first.body());
            assertThat(moved.field("Set-Cookie")).startsWith("sid=").isNotEqualTo(pair(first));
        }
    }

    @Test
    void permanentCookie_hasMaxAge() throws Exception {
        try (RawBackend a = RawBackend.saying("a");
                TestGateway gateway =
                        new TestGateway().to(session(Carrier.COOKIE, 3600, 0, true), a);
                RawClient client = gateway.client()) {
            assertThat(get(client, "").field("Set-Cookie")).endsWith("; Max-Age=3600");
        }
    }

    @Test
    void idleTimeout_isProlongedByUse() throws Exception {
        try (RawBackend a = RawBackend.saying("a");
                TestGateway gateway =
                        new TestGateway().to(session(Carrier.COOKIE, 3600, 60, false), a);
                RawClient client = gateway.client()) {
            String cookie = pair(get(client, ""));
            assertThat(get(client, "Cookie: " + cookie + "\r\n").field("Set-Cookie"))
                    .startsWith(cookie.substring(0, cookie.lastIndexOf('.')));
        }
    }
}
