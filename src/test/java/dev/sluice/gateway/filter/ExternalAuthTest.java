package dev.sluice.gateway.filter;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.fixture.Loopback;
import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.fixture.grpc.GrpcEcho;
import dev.sluice.fixture.wire.RawBackend;
import dev.sluice.fixture.wire.RawClient;
import dev.sluice.fixture.wire.RawClient.Response;
import dev.sluice.ir.HttpFilter;
import dev.sluice.ir.Upstream;
import dev.sluice.ir.Upstream.Endpoint;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// `ExternalAuth` over sockets, with authorization servers of HTTP and of gRPC.
class ExternalAuthTest {

    private static final String ASK =
            "Host: shop.example\r\nAuthorization: Bearer t\r\nX-Team: a\r\nX-User: mallory\r\n";

    /// An authorization server that answers as it is told to.
    private static final class Judge implements AutoCloseable {

        private final HttpServer server;
        volatile int status = 200;
        volatile String line = "";
        volatile String body = "";
        volatile Headers fields = new Headers();
        final AtomicInteger asked = new AtomicInteger();

        Judge() throws IOException {
            server = Loopback.server();
            server.createContext("/", this::answer);
            server.start();
        }

        private void answer(HttpExchange exchange) throws IOException {
            asked.incrementAndGet();
            line = exchange.getRequestMethod() + " " + exchange.getRequestURI();
            fields = exchange.getRequestHeaders();
            body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("X-User", "alice");
            exchange.getResponseHeaders().set("X-Other", "1");
            exchange.getResponseHeaders().set("Content-Type", "text/html");
            byte[] text = "no entry".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, text.length);
            exchange.getResponseBody().write(text);
            exchange.close();
        }

        Endpoint endpoint() {
            return new Endpoint("127.0.0.1", server.getAddress().getPort());
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }

    private static HttpFilter http(int maxBody, String... responseHeaders) {
        return new HttpFilter.ExternalAuth(
                "judge",
                new HttpFilter.AuthProtocol.Http(
                        "/check", List.of("x-team"), List.of(responseHeaders)),
                maxBody);
    }

    private static TestGateway gateway(RawBackend backend, Endpoint judge, HttpFilter filter) {
        return new TestGateway()
                .backend("one", backend.endpoint())
                .backend("judge", judge)
                .rule("/", "one", filter);
    }

    @Test
    void permittedRequest_reachesTheBackendWithWhatTheServerSays() throws Exception {
        try (Judge judge = new Judge();
                RawBackend backend = RawBackend.echo();
                TestGateway gateway =
                        gateway(backend, judge.endpoint(), http(0, "X-User")).publish();
                RawClient client = gateway.client()) {
            for (int i = 0; i < 3; i++) {
                Response response =
                        client.send("GET /a?b HTTP/1.1\r\n" + ASK + "X-Secret: s\r\n\r\n").read();
                assertThat(response.head()).startsWith("HTTP/1.1 200");
                assertThat(response.body())
                        .containsIgnoringCase("x-user: alice\r\n")
                        .doesNotContain("mallory")
                        .doesNotContainIgnoringCase("x-other");
            }
            assertThat(judge.line).isEqualTo("GET /check/a?b");
            assertThat(judge.fields.getFirst("Host")).isEqualTo("shop.example");
            assertThat(judge.fields.getFirst("Authorization")).isEqualTo("Bearer t");
            assertThat(judge.fields.getFirst("X-Team")).isEqualTo("a");
            assertThat(judge.fields.containsKey("X-Secret")).isFalse();
        }
    }

    @Test
    void allFieldsOfTheAnswer_goToTheBackendWhereNoneIsNamed() throws Exception {
        try (Judge judge = new Judge();
                RawBackend backend = RawBackend.echo();
                TestGateway gateway = gateway(backend, judge.endpoint(), http(0)).publish();
                RawClient client = gateway.client()) {
            String seen = client.send("GET / HTTP/1.1\r\n" + ASK + "\r\n").read().body();
            assertThat(seen)
                    .containsIgnoringCase("x-user: alice\r\n")
                    .containsIgnoringCase("x-other: 1\r\n")
                    .doesNotContain("mallory")
                    .doesNotContainIgnoringCase("content-");
        }
    }

    @Test
    void refusal_isTheServersAnswer() throws Exception {
        try (Judge judge = new Judge();
                RawBackend backend = RawBackend.echo();
                TestGateway gateway = gateway(backend, judge.endpoint(), http(0)).publish();
                RawClient client = gateway.client()) {
            judge.status = 401;
            Response response = client.send("GET / HTTP/1.1\r\n" + ASK + "\r\n").read();
            assertThat(response.head()).startsWith("HTTP/1.1 401");
            assertThat(response.field("X-Other")).isEqualTo("1");
            assertThat(response.field("Content-Type")).isEqualTo("text/html");
            assertThat(response.body()).isEqualTo("no entry");
            assertThat(backend.requests()).isEmpty();
        }
    }

    @Test
    void body_isToldUpToALimitAndForwardedWhole() throws Exception {
        try (Judge judge = new Judge();
                RawBackend backend = RawBackend.echo();
                TestGateway gateway = gateway(backend, judge.endpoint(), http(10)).publish();
                RawClient client = gateway.client()) {
            String whole = "0123456789".repeat(3000);
            Response response =
                    client.send(
                                    "POST / HTTP/1.1\r\n"
                                            + ASK
                                            + "Content-Length: 30000\r\n\r\n"
                                            + whole)
                            .read();
            assertThat(response.head()).startsWith("HTTP/1.1 200");
            assertThat(response.body()).endsWith(whole);
            assertThat(judge.body).isEqualTo("0123456789");
            response =
                    client.send(
                                    "POST / HTTP/1.1\r\n"
                                            + ASK
                                            + "Transfer-Encoding: chunked\r\n\r\n"
                                            + "3\r\nabc\r\n0\r\n\r\n")
                            .read();
            assertThat(response.head()).startsWith("HTTP/1.1 200");
            assertThat(judge.body).isEqualTo("abc");
            response = client.send("GET / HTTP/1.1\r\n" + ASK + "\r\n").read();
            assertThat(response.head()).startsWith("HTTP/1.1 200");
            assertThat(judge.body).isEmpty();
        }
    }

    @Test
    void bodyThatWaitsToBeAskedFor_isAskedFor() throws Exception {
        try (Judge judge = new Judge();
                RawBackend backend = RawBackend.echo();
                TestGateway gateway = gateway(backend, judge.endpoint(), http(10)).publish();
                RawClient client = gateway.client()) {
            client.send(
                    "POST / HTTP/1.1\r\n"
                            + ASK
                            + "Content-Length: 3\r\nExpect: 100-continue\r\n\r\n");
            assertThat(client.readLine()).startsWith("HTTP/1.1 100");
            assertThat(client.readLine()).isEmpty();
            Response response = client.send("abc").read();
            assertThat(response.head()).startsWith("HTTP/1.1 200");
            assertThat(response.body()).endsWith("abc").doesNotContainIgnoringCase("expect");
        }
    }

    @Test
    void serverThatIsAway_closesTheRule() throws Exception {
        Endpoint nobody = new Endpoint("127.0.0.1", Loopback.freePort());
        try (RawBackend backend = RawBackend.echo();
                TestGateway gateway = gateway(backend, nobody, http(0)).publish();
                RawClient client = gateway.client()) {
            Response response = client.send("GET / HTTP/1.1\r\n" + ASK + "\r\n").read();
            assertThat(response.head()).startsWith("HTTP/1.1 503");
            assertThat(response.body()).isEqualTo("the authorization cannot be asked for\n");
            assertThat(backend.requests()).isEmpty();
        }
    }

    // gRPC.

    private static Server server(UnaryOperator<UnknownFieldSet> check) throws IOException {
        MethodDescriptor<byte[], byte[]> method =
                MethodDescriptor.<byte[], byte[]>newBuilder(GrpcEcho.BYTES, GrpcEcho.BYTES)
                        .setType(MethodDescriptor.MethodType.UNARY)
                        .setFullMethodName("envoy.service.auth.v3.Authorization/Check")
                        .build();
        return Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
                .addService(
                        ServerServiceDefinition.builder("envoy.service.auth.v3.Authorization")
                                .addMethod(
                                        method,
                                        ServerCalls.asyncUnaryCall((request, observer) -> {
                                            try {
                                                observer.onNext(
                                                        check.apply(
                                                                        UnknownFieldSet.parseFrom(
                                                                                request))
                                                                .toByteArray());
                                                observer.onCompleted();
                                            } catch (IOException e) {
                                                observer.onError(e);
                                            }
                                        }))
                                .build())
                .build()
                .start();
    }

    private static TestGateway grpc(RawBackend backend, Server server, int maxBody) {
        return new TestGateway()
                .backend("one", backend.endpoint())
                .backend(
                        new Upstream(
                                "judge",
                                Upstream.Protocol.HTTP2,
                                null,
                                List.of(new Endpoint("127.0.0.1", server.getPort()))))
                .rule(
                        "/",
                        "one",
                        new HttpFilter.ExternalAuth(
                                "judge",
                                new HttpFilter.AuthProtocol.Grpc(List.of("x-team")),
                                maxBody));
    }

    private static UnknownFieldSet message(Object... fields) {
        UnknownFieldSet.Builder message = UnknownFieldSet.newBuilder();
        for (int i = 0; i < fields.length; i += 2) {
            UnknownFieldSet.Field.Builder field = UnknownFieldSet.Field.newBuilder();
            switch (fields[i + 1]) {
                case Integer number -> field.addVarint(number);
                case String text -> field.addLengthDelimited(ByteString.copyFromUtf8(text));
                case UnknownFieldSet nested -> field.addLengthDelimited(nested.toByteString());
                default -> throw new IllegalArgumentException();
            }
            message.mergeField((Integer) fields[i], field.build());
        }
        return message.build();
    }

    private static UnknownFieldSet header(String name, String value) {
        return message(1, message(1, name, 2, value));
    }

    private static ByteString at(UnknownFieldSet message, int... path) throws IOException {
        ByteString found = message.toByteString();
        for (int field : path) {
            found =
                    UnknownFieldSet.parseFrom(found)
                            .getField(field)
                            .getLengthDelimitedList()
                            .getFirst();
        }
        return found;
    }

    @Test
    void grpcServer_isToldTheRequestAndChangesIt() throws Exception {
        var asked = new UnknownFieldSet[1];
        Server server =
                server(request -> {
                    asked[0] = request;
                    return message(
                            1,
                            message(1, 0),
                            3,
                            message(
                                    2, header("x-user", "alice"),
                                    2, header("x-bad", "a\r\nb: c"),
                                    2, header("Host", "evil.example"),
                                    5, "x-secret",
                                    6, header("x-seen", "1")));
                });
        try (RawBackend backend = RawBackend.echo();
                TestGateway gateway = grpc(backend, server, 100).publish();
                RawClient client = gateway.client()) {
            Response response =
                    client.send(
                                    "POST /a?b HTTP/1.1\r\n"
                                            + ASK
                                            + "X-Secret: s\r\nContent-Length: 3\r\n\r\nabc")
                            .read();
            assertThat(response.head()).startsWith("HTTP/1.1 200");
            assertThat(response.field("x-seen")).isEqualTo("1");
            assertThat(response.body())
                    .contains("x-user: alice\r\n")
                    .contains("host: shop.example\r\n")
                    .doesNotContainIgnoringCase("x-secret")
                    .doesNotContain("x-bad", "mallory")
                    .endsWith("abc");
            UnknownFieldSet http = UnknownFieldSet.parseFrom(at(asked[0], 1, 4, 2));
            assertThat(at(http, 2).toStringUtf8()).isEqualTo("POST");
            assertThat(at(http, 4).toStringUtf8()).isEqualTo("/a?b");
            assertThat(at(http, 5).toStringUtf8()).isEqualTo("shop.example");
            assertThat(at(http, 6).toStringUtf8()).isEqualTo("http");
            assertThat(at(http, 10).toStringUtf8()).isEqualTo("HTTP/1.1");
            assertThat(at(http, 11).toStringUtf8()).isEqualTo("abc");
            assertThat(http.getField(9).getVarintList()).containsExactly(3L);
            assertThat(
                            http.getField(3).getLengthDelimitedList().stream()
                                    .map(ExternalAuthTest::entry)
                                    .toList())
                    .containsExactlyInAnyOrder(
                            Map.entry("authorization", "Bearer t"), Map.entry("x-team", "a"));
            assertThat(at(asked[0], 1, 1, 1, 1, 2).toStringUtf8()).isEqualTo("127.0.0.1");
        } finally {
            server.shutdownNow().awaitTermination();
        }
    }

    private static Map.Entry<String, String> entry(ByteString entry) {
        try {
            UnknownFieldSet fields = UnknownFieldSet.parseFrom(entry);
            return Map.entry(at(fields, 1).toStringUtf8(), at(fields, 2).toStringUtf8());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void grpcServer_refuses() throws Exception {
        Server server =
                server(_ ->
                        message(
                                1,
                                message(1, 7),
                                2,
                                message(
                                        1,
                                        message(1, 402),
                                        2,
                                        header("x-why", "unpaid"),
                                        3,
                                        "pay first")));
        try (RawBackend backend = RawBackend.echo();
                TestGateway gateway = grpc(backend, server, 0).publish();
                RawClient client = gateway.client()) {
            Response response = client.send("GET / HTTP/1.1\r\n" + ASK + "\r\n").read();
            assertThat(response.head()).startsWith("HTTP/1.1 402");
            assertThat(response.field("x-why")).isEqualTo("unpaid");
            assertThat(response.body()).isEqualTo("pay first");
            assertThat(backend.requests()).isEmpty();
        } finally {
            server.shutdownNow().awaitTermination();
        }
    }

    @Test
    void grpcServerWithoutTheMethod_closesTheRule() throws Exception {
        Server server =
                Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create()).build().start();
        try (RawBackend backend = RawBackend.echo();
                TestGateway gateway = grpc(backend, server, 0).publish();
                RawClient client = gateway.client()) {
            Response response = client.send("GET / HTTP/1.1\r\n" + ASK + "\r\n").read();
            assertThat(response.head()).startsWith("HTTP/1.1 503");
        } finally {
            server.shutdownNow().awaitTermination();
        }
    }
}
