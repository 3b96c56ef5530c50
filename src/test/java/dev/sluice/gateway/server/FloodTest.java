package dev.sluice.gateway.server;

import static dev.sluice.fixture.wire.RawHttp2Client.ACK;
import static dev.sluice.fixture.wire.RawHttp2Client.DATA;
import static dev.sluice.fixture.wire.RawHttp2Client.END_HEADERS;
import static dev.sluice.fixture.wire.RawHttp2Client.END_STREAM;
import static dev.sluice.fixture.wire.RawHttp2Client.GOAWAY;
import static dev.sluice.fixture.wire.RawHttp2Client.HEADERS;
import static dev.sluice.fixture.wire.RawHttp2Client.PING;
import static dev.sluice.fixture.wire.RawHttp2Client.PRIORITY;
import static dev.sluice.fixture.wire.RawHttp2Client.RST_STREAM;
import static dev.sluice.fixture.wire.RawHttp2Client.SETTINGS;
import static dev.sluice.fixture.wire.RawHttp2Client.WINDOW_UPDATE;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.fixture.wire.RawBackend;
import dev.sluice.fixture.wire.RawClient;
import dev.sluice.fixture.wire.RawHttp2Client;
import dev.sluice.http.http2.Http2Limits;
import dev.sluice.net.TrustedProxies;
import dev.sluice.server.ServerSettings;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Frames that cost work and bring nothing about end their connection; what looks like them and is
/// somebody's message does not.
class FloodTest {

    private static final byte[] ENHANCE_YOUR_CALM = {0, 0, 0, 11};
    private static final byte[] CANCEL = {0, 0, 0, 8};
    private static final byte[] NO_BYTES = {};

    /// What one strike sends on stream 1, whose request is open.
    enum Flood {
        PINGS(RawHttp2Client.frame(PING, 0, 0, new byte[8])),
        PING_ANSWERS(RawHttp2Client.frame(PING, ACK, 0, new byte[8])),
        SETTINGS_WITHOUT_CHANGE(RawHttp2Client.frame(SETTINGS, 0, 0, NO_BYTES)),
        WINDOWS_OF_STREAMS(
                RawHttp2Client.frame(
                        SETTINGS, 0, 0, new byte[] {0, 4, 0, 0, 1, 0, 0, 4, 0, 0, 2, 0})),
        PRIORITIES(RawHttp2Client.frame(PRIORITY, 0, 1, new byte[] {0, 0, 0, 3, 9})),
        WINDOW_UPDATES(RawHttp2Client.frame(WINDOW_UPDATE, 0, 1, new byte[] {0, 0, 0, 1})),
        WINDOW_UPDATES_OF_ALL(RawHttp2Client.frame(WINDOW_UPDATE, 0, 0, new byte[] {0, 0, 0, 1})),
        EMPTY_DATA(RawHttp2Client.frame(DATA, 0, 1, NO_BYTES)),
        PADDED_EMPTY_DATA(RawHttp2Client.frame(DATA, 8, 1, new byte[] {3, 0, 0, 0})),
        UNKNOWN(RawHttp2Client.frame(99, 0, 1, NO_BYTES));

        private final String frame;

        Flood(byte[] frame) {
            this.frame = new String(frame, ISO_8859_1);
        }
    }

    private static byte[] repeated(int times, byte[] bytes) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < times; i++) {
            all.writeBytes(bytes);
        }
        return all.toByteArray();
    }

    private static byte[] post() {
        return RawHttp2Client.block(
                ":method", "POST", ":scheme", "http", ":authority", "a", ":path", "/");
    }

    /// A backend that takes a request and does not answer.
    private static RawBackend silent() throws IOException {
        return new RawBackend((_, in, _) -> {
            in.transferTo(OutputStream.nullOutputStream());
            return false;
        });
    }

    @ParameterizedTest
    @EnumSource
    void flood_endsTheConnection(Flood flood) throws Exception {
        try (RawBackend backend = silent();
                TestGateway gateway = new TestGateway().to(backend);
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            client.send(HEADERS, END_HEADERS, 1, post());
            byte[] frames = repeated(100, flood.frame.getBytes(ISO_8859_1));
            CompletableFuture<Void> strikes =
                    CompletableFuture.runAsync(() -> {
                        try {
                            for (int i = 0; i < 200; i++) {
                                client.write(frames);
                            }
                        } catch (IOException e) {
                            // cut, as it should be
                        }
                    });
            assertThat(endsWith(client)).isEqualTo(ENHANCE_YOUR_CALM);
            strikes.get(10, TimeUnit.SECONDS);
        }
    }

    /// The error code by which the server ends the connection. A reset of the connection may take
    /// it away from the client, which goes on sending.
    private static byte[] endsWith(RawHttp2Client client) throws IOException {
        try {
            return Arrays.copyOfRange(client.read(GOAWAY).payload(), 4, 8);
        } catch (EOFException | SocketException e) {
            return ENHANCE_YOUR_CALM;
        }
    }

    @ParameterizedTest
    @EnumSource
    void floodThatIsNotRead_endsTheConnection(Flood flood) throws Exception {
        try (RawBackend backend = silent();
                TestGateway gateway = new TestGateway().to(backend);
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            client.send(HEADERS, END_HEADERS, 1, post());
            assertThat(isCut(client, repeated(100, flood.frame.getBytes(ISO_8859_1)), 200))
                    .isTrue();
        }
    }

    private static boolean isCut(RawHttp2Client client, byte[] frames, int times)
            throws IOException {
        try {
            for (int i = 0; i < times; i++) {
                client.write(frames);
            }
        } catch (SocketException e) {
            return true;
        }
        return client.isClosedByServer();
    }

    @Test
    void framesOfALivelyClient_doNotEndTheConnection() throws Exception {
        ServerSettings settings = ServerSettings.DEFAULT.with(new Http2Limits(128, 1024, 100, 100));
        try (RawBackend backend = RawBackend.saying("x".repeat(100));
                TestGateway gateway = new TestGateway(settings).to(backend);
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            for (int stream = 1; stream < 1000; stream += 2) {
                client.send(PRIORITY, 0, stream, new byte[] {0, 0, 0, 0, 9});
                client.send(HEADERS, END_HEADERS | END_STREAM, stream, RawHttp2Client.get("/"));
                assertThat(client.fields(client.read(HEADERS)).status()).hasToString("200");
                client.readBody(stream, 100);
                client.grant(0, 100).grant(stream, 100);
                client.send(PING, 0, 0, new byte[8]);
            }
        }
    }

    @Test
    void everySecondStreamReset_doesNotEndTheConnection() throws Exception {
        ServerSettings settings =
                ServerSettings.DEFAULT.with(new Http2Limits(128, 1024, 1000, 100));
        try (RawBackend backend =
                        new RawBackend((request, in, out) -> {
                            if (request.startsWith("POST ")) {
                                return in.read() >= 0; // is not answered before it is reset
                            }
                            out.write(RawBackend.ok("x"));
                            return true;
                        });
                TestGateway gateway = new TestGateway(settings).to(backend);
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            for (int stream = 1; stream < 2000; stream += 4) {
                client.send(HEADERS, END_HEADERS | END_STREAM, stream, RawHttp2Client.get("/"));
                assertThat(client.fields(client.read(HEADERS)).status()).hasToString("200");
                client.readBody(stream, 1);
                client.grant(0, 1);
                client.send(HEADERS, END_HEADERS, stream + 2, post());
                client.send(RST_STREAM, 0, stream + 2, CANCEL);
            }
        }
    }

    @Test
    void rapidReset_reachesNoBackend() throws Exception {
        try (RawBackend backend = RawBackend.echo();
                TestGateway gateway = new TestGateway().to(backend);
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            ByteArrayOutputStream frames = new ByteArrayOutputStream();
            for (int stream = 1; stream < 200; stream += 2) {
                frames.writeBytes(RawHttp2Client.frame(HEADERS, END_HEADERS, stream, post()));
                frames.writeBytes(RawHttp2Client.frame(DATA, 0, stream, new byte[1]));
                frames.writeBytes(RawHttp2Client.frame(RST_STREAM, 0, stream, CANCEL));
            }
            frames.writeBytes(RawHttp2Client.frame(PING, 0, 0, new byte[8]));
            client.write(frames.toByteArray());
            client.read(PING);
            assertThat(backend.connections()).isZero();
            client.send(HEADERS, END_HEADERS | END_STREAM, 201, RawHttp2Client.get("/"));
            assertThat(client.fields(client.read(HEADERS)).status()).hasToString("200");
        }
    }

    /// MadeYouReset (CVE-2025-8671): errors that make the server reset its streams.
    enum Provocation {
        WINDOW_OF_NOTHING(RawHttp2Client.frame(WINDOW_UPDATE, 0, 1, new byte[4])),
        WINDOW_TOO_LARGE(RawHttp2Client.frame(WINDOW_UPDATE, 0, 1, new byte[] {127, -1, -1, -1})),
        PRIORITY_OVER_ITSELF(RawHttp2Client.frame(PRIORITY, 0, 1, new byte[] {0, 0, 0, 1, 9})),
        PRIORITY_TOO_SHORT(RawHttp2Client.frame(PRIORITY, 0, 1, new byte[4])),
        SECOND_HEAD(RawHttp2Client.frame(HEADERS, END_HEADERS, 1, RawHttp2Client.get("/")));

        private final String frame;

        Provocation(byte[] frame) {
            this.frame = new String(frame, ISO_8859_1);
        }

        byte[] on(int stream) {
            byte[] own = frame.getBytes(ISO_8859_1);
            own[7] = (byte) (stream >> 8);
            own[8] = (byte) stream;
            if (this == PRIORITY_OVER_ITSELF) {
                own[11] = own[7];
                own[12] = own[8];
            }
            return own;
        }
    }

    @ParameterizedTest
    @EnumSource
    void provokedResets_endTheConnection(Provocation provocation) throws Exception {
        try (RawBackend backend = silent();
                TestGateway gateway = new TestGateway().to(backend);
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            CompletableFuture<Void> strikes =
                    CompletableFuture.runAsync(() -> {
                        try {
                            for (int stream = 1; stream < 5000; stream += 2) {
                                client.send(HEADERS, END_HEADERS, stream, post());
                                client.write(provocation.on(stream));
                            }
                        } catch (IOException e) {
                            // cut, as it should be
                        }
                    });
            assertThat(endsWith(client)).isEqualTo(ENHANCE_YOUR_CALM);
            strikes.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void tinyData_isABodyAsAnyOther() throws Exception {
        int size = 20_000;
        AtomicInteger chunks = new AtomicInteger();
        try (RawBackend backend =
                        new RawBackend((_, in, out) -> {
                            out.write(RawBackend.ok("" + readChunks(in, chunks)));
                            return true;
                        });
                TestGateway gateway = new TestGateway().to(backend);
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            client.send(HEADERS, END_HEADERS, 1, post());
            client.write(repeated(size, RawHttp2Client.frame(DATA, 0, 1, new byte[1])));
            client.send(DATA, END_STREAM, 1, NO_BYTES);
            assertThat(client.fields(client.read(HEADERS)).status()).hasToString("200");
            assertThat(new String(client.read(DATA).payload(), ISO_8859_1)).isEqualTo("" + size);
            assertThat(chunks.get()).isLessThan(size / 20);
        }
    }

    private static int readChunks(InputStream in, AtomicInteger chunks) throws IOException {
        int size = 0;
        while (true) {
            StringBuilder line = new StringBuilder();
            for (int b = in.read(); b != '\r'; b = in.read()) {
                line.append((char) b);
            }
            int chunk = Integer.parseInt(line.toString(), 16);
            in.skipNBytes(1 + chunk + 2);
            if (chunk == 0) {
                return size;
            }
            size += chunk;
            chunks.incrementAndGet();
        }
    }

    @Test
    void streamsBeyondTheLimit_areRefusedAtOnce() throws Exception {
        ServerSettings settings = ServerSettings.DEFAULT.with(new Http2Limits(3, 5, 1000, 1000));
        TrustedProxies loopback = TrustedProxies.of(List.of("127.0.0.0/8"));
        try (RawBackend backend = silent();
                TestGateway gateway = new TestGateway(settings).to(backend);
                TestGateway behindProxy = new TestGateway(settings.with(loopback)).to(backend);
                RawHttp2Client client = new RawHttp2Client(gateway.port());
                RawHttp2Client proxy = new RawHttp2Client(behindProxy.port())) {
            assertThat(firstRefused(client)).isEqualTo(7);
            assertThat(firstRefused(proxy)).isEqualTo(11);
        }
    }

    private static int firstRefused(RawHttp2Client client) throws IOException {
        for (int stream = 1; stream < 30; stream += 2) {
            client.send(HEADERS, END_HEADERS | END_STREAM, stream, RawHttp2Client.get("/"));
        }
        RawHttp2Client.Frame reset = client.read(RST_STREAM);
        assertThat(reset.payload()).isEqualTo(new byte[] {0, 0, 0, 7}); // REFUSED_STREAM
        return reset.stream();
    }

    /// Heads are not held back by windows. With 900 of 50,000 bytes it would be 45 MB; what waits
    /// is what the system takes, and the streams that were open when it was full.
    @Test
    void clientThatDoesNotRead_isNotReadEither() throws Exception {
        String head =
                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: " + "x".repeat(50_000) + "\r\n\r\n";
        try (RawBackend backend =
                        new RawBackend((_, _, out) -> {
                            out.write(RawBackend.bytes(head));
                            return true;
                        });
                TestGateway gateway = new TestGateway().to(backend);
                RawHttp2Client client = RawHttp2Client.slow(gateway.port())) {
            for (int stream = 1; stream < 1800; stream += 2) {
                client.send(HEADERS, END_HEADERS | END_STREAM, stream, RawHttp2Client.get("/"));
                if (stream % 100 == 1) {
                    LockSupport.parkNanos(10_000_000); // for the answers, which are to be many
                }
                client.send(RST_STREAM, 0, stream, CANCEL);
            }
            long memory = usedBuffers();
            assertThat(backend.requests()).hasSizeBetween(1, 400);
            assertThat(memory).isLessThan(20 << 20);
            try (RawClient other = gateway.client()) {
                assertThat(other.get("a", "/").status()).isEqualTo(200);
            }
        }
    }

    private static long usedBuffers() {
        return ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider provider
                ? provider.metric().usedDirectMemory()
                : 0;
    }

    @Test
    void partsOfAStream_arriveAsTheyCome() throws Exception {
        try (RawBackend backend =
                        new RawBackend((_, in, out) -> {
                            out.write(
                                    RawBackend.bytes(
                                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"));
                            out.flush();
                            for (int i = 0; i < 5; i++) {
                                byte[] chunk = in.readNBytes(6);
                                out.write(chunk);
                                out.flush();
                            }
                            return false;
                        });
                TestGateway gateway = new TestGateway().to(backend);
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            client.send(HEADERS, END_HEADERS, 1, post());
            assertThat(client.fields(client.read(HEADERS)).status()).hasToString("200");
            for (int i = 0; i < 5; i++) {
                client.send(DATA, 0, 1, new byte[] {(byte) i});
                assertThat(client.read(DATA).payload()).isEqualTo(new byte[] {(byte) i});
            }
        }
    }
}
