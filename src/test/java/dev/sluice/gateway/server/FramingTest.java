package dev.sluice.gateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.fixture.wire.RawBackend;
import dev.sluice.fixture.wire.RawClient;
import dev.sluice.fixture.wire.RawClient.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Requests that two parsers could read in two ways are refused, and their connection ends.
class FramingTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    two Host fields                 | 400 | GET / HTTP/1.1\\r\\nHost: a\\r\\nHost: b\\r\\n\\r\\n
                    no Host                         | 400 | GET / HTTP/1.1\\r\\n\\r\\n
                    empty Host                      | 400 | GET / HTTP/1.1\\r\\nHost: \\r\\n\\r\\n
                    bad Host by an absolute target  | 400 | GET http://a/ HTTP/1.1\\r\\nHost: a b\\r\\n\\r\\n
                    absolute target without a host  | 400 | GET http:///a HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n
                    space in Host                   | 400 | GET / HTTP/1.1\\r\\nHost: exa mple\\r\\n\\r\\n
                    user information in Host        | 400 | GET / HTTP/1.1\\r\\nHost: user@host\\r\\n\\r\\n
                    empty label in Host             | 400 | GET / HTTP/1.1\\r\\nHost: a..example\\r\\n\\r\\n
                    dot in front of Host            | 400 | GET / HTTP/1.1\\r\\nHost: .example\\r\\n\\r\\n
                    empty label in the target       | 400 | GET http://a..example/ HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n
                    port of Host is not a number    | 400 | GET / HTTP/1.1\\r\\nHost: a:b\\r\\n\\r\\n
                    length and coding               | 400 | POST / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 5\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n
                    two lengths                     | 400 | POST / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 5\\r\\nContent-Length: 5\\r\\n\\r\\n
                    list of lengths                 | 400 | POST / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 5, 5\\r\\n\\r\\n
                    signed length                   | 400 | POST / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: +5\\r\\n\\r\\n
                    coding in HTTP/1.0              | 400 | POST / HTTP/1.0\\r\\nHost: a\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n
                    unknown coding                  | 501 | POST / HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: gzip, chunked\\r\\n\\r\\n
                    chunked twice                   | 501 | POST / HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: chunked\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n
                    bare line feed                  | 400 | GET / HTTP/1.1\\nHost: a\\r\\n\\r\\n
                    bare line feed in fields        | 400 | GET / HTTP/1.1\\r\\nHost: a\\nX: b\\r\\n\\r\\n
                    bare line feed at the end       | 400 | GET / HTTP/1.1\\r\\nHost: a\\r\\n\\n
                    bare carriage return            | 400 | GET / HTTP/1.1\\r\\nHost: a\\rX: b\\r\\n\\r\\n
                    folded line                     | 400 | GET / HTTP/1.1\\r\\nHost: a\\r\\nX: b\\r\\n c\\r\\n\\r\\n
                    space before the colon          | 400 | GET / HTTP/1.1\\r\\nHost: a\\r\\nX : b\\r\\n\\r\\n
                    field without a name            | 400 | GET / HTTP/1.1\\r\\nHost: a\\r\\n: b\\r\\n\\r\\n
                    field without a colon           | 400 | GET / HTTP/1.1\\r\\nHost: a\\r\\nX\\r\\n\\r\\n
                    NUL in a value                  | 400 | GET / HTTP/1.1\\r\\nHost: a\\r\\nX: b\\0c\\r\\n\\r\\n
                    NUL in the target               | 400 | GET /\\0 HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n
                    method in lower case            | 400 | get / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n
                    method with a strange character | 400 | GE!T / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n
                    fragment                        | 400 | GET /#a HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n
                    two spaces                      | 400 | GET  / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n
                    no version                      | 400 | GET /\\r\\nHost: a\\r\\n\\r\\n
                    lower case version              | 400 | GET / http/1.1\\r\\nHost: a\\r\\n\\r\\n
                    HTTP/2.0                        | 505 | GET / HTTP/2.0\\r\\nHost: a\\r\\n\\r\\n
                    CONNECT                         | 501 | CONNECT a:443 HTTP/1.1\\r\\nHost: a:443\\r\\n\\r\\n
                    asterisk with GET               | 400 | GET * HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n
                    relative target                 | 400 | GET a HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n
                    chunk size is not a number      | 400 | POST / HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n0x5\\r\\nhello\\r\\n0\\r\\n\\r\\n
                    """)
    void malformedRequest_isRefusedAndConnectionEnds(String name, int status, String bytes)
            throws Exception {
        try (RawBackend backend = RawBackend.echo();
                TestGateway gateway = new TestGateway().to(backend);
                RawClient client = gateway.client()) {
            client.send(
                    bytes.replace("\\r", "\r").replace("\\n", "\n").replace("\\0", "\0")
                            + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
            Response response = client.read();
            assertThat(response.status()).as(name + ": " + response.body()).isEqualTo(status);
            assertThat(response.field("Connection")).isEqualTo("close");
            assertThat(client.isClosedByServer()).isTrue();
            assertThat(backend.requests()).noneMatch(request -> request.contains("/smuggled"));
        }
    }

    @Test
    void sizes_areLimited() throws Exception {
        try (RawBackend backend = RawBackend.echo();
                TestGateway gateway = new TestGateway().to(backend)) {
            try (RawClient client = gateway.client()) {
                assertThat(client.get("a", "/" + "x".repeat(9000)).status()).isEqualTo(414);
            }
            try (RawClient client = gateway.client()) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\nX: " + "y".repeat(70_000) + "\r\n\r\n");
                assertThat(client.read().status()).isEqualTo(431);
            }
            try (RawClient client = gateway.client()) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n" + "X: 1\r\n".repeat(300) + "\r\n");
                assertThat(client.read().status()).isEqualTo(431);
            }
        }
    }

    @Test
    void headInSinglePackets_isUnderstood() throws Exception {
        try (RawBackend backend = RawBackend.echo();
                TestGateway gateway = new TestGateway().to(backend);
                RawClient client = gateway.client()) {
            for (char c :
                    "\r\nPOST /slow HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nok"
                            .toCharArray()) {
                client.send(String.valueOf(c));
            }
            assertThat(client.read().body()).startsWith("POST /slow ").endsWith("ok");
        }
    }

    @Test
    void absoluteTarget_replacesHost() throws Exception {
        try (RawBackend backend = RawBackend.echo();
                TestGateway gateway = new TestGateway().to(backend);
                RawClient client = gateway.client()) {
            client.send("GET http://real.example/p?q HTTP/1.1\r\nHost: other\r\n\r\n");
            assertThat(client.read().body())
                    .startsWith("GET /p?q HTTP/1.1\r\nhost: real.example\r\n");
        }
    }

    @Test
    void http10WithoutHost_hasTheAddressItConnectedTo() throws Exception {
        try (RawBackend backend = RawBackend.echo();
                TestGateway gateway = new TestGateway().to(backend);
                RawClient client = gateway.client()) {
            assertThat(client.send("OPTIONS /health HTTP/1.0\r\n\r\n").read().body())
                    .contains("\r\nhost: 127.0.0.1:" + gateway.port() + "\r\n");
        }
    }

    @Test
    void emptyPort_isNotSentOn() throws Exception {
        try (RawBackend backend = RawBackend.echo();
                TestGateway gateway = new TestGateway().to(backend);
                RawClient client = gateway.client()) {
            assertThat(client.get("a:", "/").body()).contains("\r\nhost: a\r\n");
        }
    }

    @Test
    void unknownMethod_passes() throws Exception {
        try (RawBackend backend = RawBackend.echo();
                TestGateway gateway = new TestGateway().to(backend);
                RawClient client = gateway.client()) {
            client.send("BREW /pot HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.read().body()).startsWith("BREW /pot HTTP/1.1\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource({"/a/../b", "/a/%2e%2e/b", "/a/./b", "/%zz", "/a%00b"})
    void dangerousPath_isRefused(String path) throws Exception {
        try (RawBackend backend = RawBackend.echo();
                TestGateway gateway = new TestGateway().to(backend);
                RawClient client = gateway.client()) {
            assertThat(client.get("a", path).status()).isEqualTo(400);
            assertThat(client.get("a", "/next").status()).isEqualTo(200);
        }
    }
}
