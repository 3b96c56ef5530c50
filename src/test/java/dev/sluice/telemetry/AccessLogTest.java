package dev.sluice.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.net.ConnectionFailure;
import dev.sluice.net.FailedConnection;
import dev.sluice.observe.AccessField;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/// Lines of the access log.
class AccessLogTest {

    private static final AccessEntry FORWARDED =
            new AccessEntry(
                    Instant.parse("2026-01-02T03:04:05.678Z").toEpochMilli(),
                    1_234_567,
                    "9.9.9.9",
                    "GET",
                    "https",
                    "shop.example",
                    "/a?b=\"c\" \\\u00e9\u0001",
                    "HTTP/2",
                    200,
                    0,
                    42,
                    "httproute/shop/cart/0",
                    "10.0.0.7:8080",
                    1,
                    null,
                    "curl/8 \"x\"\n",
                    null,
                    null,
                    null,
                    null);

    private static String line(AccessFormat format, AccessField... fields) {
        return line(format, FORWARDED, fields);
    }

    private static String line(AccessFormat format, AccessEntry entry, AccessField... fields) {
        LogText out = new LogText();
        format.write(out, List.of(fields), entry);
        return out.toString();
    }

    @Test
    void failedConnection_hasNothingOfARequest() {
        AccessEntry failed =
                AccessEntry.of(
                        Instant.parse("2026-01-02T03:04:05.678Z").toEpochMilli(),
                        new FailedConnection(
                                "9.9.9.9", "a.example", ConnectionFailure.TLS_SERVER_NAME));
        assertThat(line(AccessFormat.JSON, failed, AccessField.values()))
                .isEqualTo(
                        "{\"time\":\"2026-01-02T03:04:05.678Z\",\"client\":\"9.9.9.9\","
                                + "\"host\":\"a.example\",\"protocol\":\"TLS\","
                                + "\"failure\":\"no listener for the TLS server name\"}");
        assertThat(
                        line(
                                AccessFormat.TEXT,
                                failed,
                                AccessField.CLIENT,
                                AccessField.METHOD,
                                AccessField.STATUS,
                                AccessField.DURATION,
                                AccessField.PROTOCOL))
                .isEqualTo("9.9.9.9 - - - TLS");
    }

    @Test
    void json_isOneObjectWithWhatIsKnown() {
        var read = JsonMapper.shared().readTree(line(AccessFormat.JSON, AccessField.values()));
        assertThat(read.get("time").asString()).isEqualTo("2026-01-02T03:04:05.678Z");
        assertThat(read.get("duration").asDouble()).isEqualTo(1.235);
        assertThat(read.get("target").asString()).isEqualTo(FORWARDED.target());
        assertThat(read.get("user_agent").asString()).isEqualTo(FORWARDED.userAgent());
        assertThat(read.get("status").asInt()).isEqualTo(200);
        assertThat(read.get("rule").asString()).isEqualTo("httproute/shop/cart/0");
        assertThat(read.get("endpoint").asString()).isEqualTo("10.0.0.7:8080");
        assertThat(read.has("failure")).isFalse();
    }

    @Test
    void text_isOneLineOfValues() {
        assertThat(
                        line(
                                AccessFormat.TEXT,
                                AccessField.CLIENT,
                                AccessField.TARGET,
                                AccessField.FAILURE,
                                AccessField.USER_AGENT))
                .isEqualTo(
                        "9.9.9.9 \"/a?b=\\\"c\\\" \\\\\\u00e9\\u0001\" - \"curl/8"
                                + " \\\"x\\\"\\u000a\"");
    }

    @Test
    void everyEntry_isWritten() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (AccessLog log =
                new AccessLog(
                        new AccessLog.AccessLogSettings(
                                AccessFormat.TEXT, List.of(AccessField.STATUS), 10_000),
                        out)) {
            for (int i = 0; i < 10_000; i++) {
                log.add(FORWARDED);
            }
        }
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("200\n".repeat(10_000));
    }

    @Test
    void slowDisk_costsEntriesAndNoTime() throws Exception {
        CountDownLatch disk = new CountDownLatch(1);
        CountDownLatch writing = new CountDownLatch(1);
        OutputStream stuck =
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        writing.countDown();
                        try {
                            disk.await();
                        } catch (InterruptedException e) {
                            throw new IOException(e);
                        }
                    }
                };
        try (AccessLog log =
                new AccessLog(
                        new AccessLog.AccessLogSettings(
                                AccessFormat.TEXT, List.of(AccessField.STATUS), 100),
                        stuck)) {
            log.add(FORWARDED);
            writing.await();
            for (int i = 0; i < 1000; i++) {
                log.add(FORWARDED);
            }
            assertThat(log.dropped()).isEqualTo(900);
            disk.countDown();
        }
    }
}
