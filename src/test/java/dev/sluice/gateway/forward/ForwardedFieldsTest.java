package dev.sluice.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.engine.RulePolicies;
import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.fixture.wire.RawBackend;
import dev.sluice.fixture.wire.RawClient;
import dev.sluice.ir.HttpFilter;
import dev.sluice.ir.Timeouts;
import dev.sluice.net.TrustedProxies;
import dev.sluice.server.ServerSettings;
import dev.sluice.upstream.UpstreamSettings;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `X-Forwarded-*` and `Forwarded`: believed of trusted proxies, of nobody else.
class ForwardedFieldsTest {

    private static final String SPOOFED =
            "GET / HTTP/1.1\r\nHost: real.example\r\nX-Forwarded-For: 6.6.6.6, 10.1.1.1\r\n"
                    + "X-Forwarded-Proto: https\r\nX-Forwarded-Host: shop.example\r\n"
                    + "X-Forwarded-Port: 9999\r\nForwarded: for=6.6.6.6\r\n\r\n";

    /// What the backend gets, and behind it what the gateway takes for the client's address.
    private static String send(TrustedProxies proxies, String request) throws Exception {
        ServerSettings settings = ServerSettings.DEFAULT.with(proxies);
        LinkedBlockingQueue<String> clients = new LinkedBlockingQueue<>();
        try (RawBackend backend = RawBackend.echo();
                TestGateway gateway =
                        new TestGateway(
                                        settings,
                                        UpstreamSettings.DEFAULT,
                                        _ -> null,
                                        RulePolicies.NONE,
                                        (exchange, _) -> clients.add(exchange.clientHost()))
                                .to(backend);
                RawClient client = gateway.client()) {
            return client.send(request).read().body()
                    + "client="
                    + clients.poll(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void nobody_isTrustedByDefault() throws Exception {
        assertThat(send(TrustedProxies.NONE, SPOOFED))
                .contains("x-forwarded-for: 127.0.0.1\r\n")
                .contains("x-forwarded-proto: http\r\n")
                .contains("x-forwarded-host: real.example\r\n")
                .doesNotContainIgnoringCase("forwarded-port")
                .doesNotContain("6.6.6.6")
                .endsWith("client=127.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Forwarded-Prefix",
                "X-Forwarded-Ssl",
                "x-forwarded-scheme",
                "X-Forwarded-Server",
                "X-Forwarded-Port",
                "X-Forwarded-User",
                "X-Forwarded-Client-Cert",
                "X-Real-IP",
                "X_Real_IP",
                "Forwarded",
                "X_Forwarded_For",
                "X-Forwarded_For",
                "x_forwarded-Proto",
                "X_Forwarded_Client_Cert",
            })
    void fieldsOfProxies_areRemovedOfClients(String name) throws Exception {
        String request = "GET / HTTP/1.1\r\nHost: a\r\n" + name + ": forged\r\nX-Mine: 1\r\n\r\n";
        assertThat(send(TrustedProxies.NONE, request))
                .contains("X-Mine: 1\r\n")
                .contains("x-forwarded-for: 127.0.0.1\r\n")
                .doesNotContain("forged");
        assertThat(send(TrustedProxies.of(List.of("10.0.0.0/8")), request))
                .doesNotContain("forged");
    }

    @Test
    void underscores_areNobodysSpelling() throws Exception {
        String request =
                "GET / HTTP/1.1\r\nHost: a\r\nX_Forwarded_For: forged\r\nX_Real-IP: forged\r\n"
                        + "X-Forwarded-Prefix: /told\r\nX-Real-IP: 6.6.6.6\r\n\r\n";
        assertThat(send(TrustedProxies.of(List.of("127.0.0.1")), request))
                .contains("X-Forwarded-Prefix: /told\r\n")
                .contains("X-Real-IP: 6.6.6.6\r\n")
                .doesNotContain("forged");
    }

    @Test
    void strangers_areNotTrusted() throws Exception {
        assertThat(send(TrustedProxies.of(List.of("10.0.0.0/8", "::1")), SPOOFED))
                .doesNotContain("6.6.6.6")
                .endsWith("client=127.0.0.1");
    }

    @Test
    void trustedProxy_isAppendedTo() throws Exception {
        assertThat(send(TrustedProxies.of(List.of("127.0.0.0/8", "10.0.0.0/8")), SPOOFED))
                .contains("x-forwarded-for: 6.6.6.6, 10.1.1.1, 127.0.0.1\r\n")
                .contains("X-Forwarded-Proto: https\r\n")
                .contains("X-Forwarded-Host: shop.example\r\n")
                .contains("X-Forwarded-Port: 9999\r\n")
                .contains(
                        "forwarded: for=6.6.6.6, for=127.0.0.1;host=\"real.example\";proto=http\r\n")
                .endsWith("client=6.6.6.6");
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    9.9.9.9, 6.6.6.6            | 6.6.6.6
                    6.6.6.6, 10.1.1.1, 10.2.2.2 | 6.6.6.6
                    6.6.6.6:443, [10.1.1.1]     | 6.6.6.6
                    [2001:db8::7]:443           | 2001:db8::7
                    6.6.6.6, ::ffff:10.1.1.1    | 6.6.6.6
                    6.6.6.6, unknown, 10.1.1.1  | 10.1.1.1
                    6.6.6.6, , 10.1.1.1         | 10.1.1.1
                    unknown                     | 127.0.0.1
                    10.1.1.1                    | 10.1.1.1
                    """)
    void client_isTheLastThatIsNotTrusted(String chain, String client) throws Exception {
        String request = "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: " + chain + "\r\n\r\n";
        assertThat(send(TrustedProxies.of(List.of("127.0.0.1", "10.0.0.0/8")), request))
                .endsWith("client=" + client);
    }

    @Test
    void severalFields_areOneChain() throws Exception {
        String request =
                "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 6.6.6.6\r\n"
                        + "X-Forwarded-For: 10.1.1.1\r\n\r\n";
        assertThat(send(TrustedProxies.of(List.of("127.0.0.1", "10.0.0.0/8")), request))
                .contains("x-forwarded-for: 6.6.6.6, 10.1.1.1, 127.0.0.1\r\n")
                .endsWith("client=6.6.6.6");
    }

    /// Where a redirect goes that names nothing but a path.
    @ParameterizedTest(name = "{0} {1} from {2} goes to {3}")
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            textBlock =
                    """
                    -         | -    | 127.0.0.0/8 | http://a/new
                    https     | -    | 127.0.0.0/8 | https://a/new
                    HTTPS     | 8443 | 127.0.0.0/8 | https://a:8443/new
                    http      | 8080 | 127.0.0.0/8 | http://a:8080/new
                    https,http| 443  | 127.0.0.0/8 | https://a/new
                    ftp       | 0x1  | 127.0.0.0/8 | http://a/new
                    https     | 8443 | 10.0.0.0/8  | http://a/new
                    """)
    void redirect_goesToTheSchemeThatTheTrustedProxyTells(
            String proto, String port, String trusted, String location) throws Exception {
        HttpFilter.Redirect redirect =
                new HttpFilter.Redirect(
                        null, null, new HttpFilter.PathRewrite.Full("/new"), null, 302);
        try (TestGateway gateway =
                        new TestGateway(
                                        ServerSettings.DEFAULT.with(
                                                TrustedProxies.of(List.of(trusted))))
                                .rule("/", List.of(), Timeouts.NONE, redirect)
                                .publish();
                RawClient client = gateway.client()) {
            String fields =
                    (proto == null ? "" : "X-Forwarded-Proto: " + proto + "\r\n")
                            + (port == null ? "" : "X-Forwarded-Port: " + port + "\r\n");
            assertThat(
                            client.send("GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n")
                                    .read()
                                    .field("Location"))
                    .isEqualTo(location);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"proxy", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/a", "/8", ""})
    void malformedBlock_isNamed(String block) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TrustedProxies.of(List.of(block)))
                .withMessageStartingWith("\"" + block + "\" is not an address");
    }
}
