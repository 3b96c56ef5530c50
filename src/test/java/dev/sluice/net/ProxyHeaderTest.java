package dev.sluice.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.net.ProxyHeader.Malformed;
import dev.sluice.net.ProxyHeader.Other;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Headers of the PROXY protocol of both versions, as bytes.
class ProxyHeaderTest {

    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
    private static final String TCP4 = SIGNATURE + "21 11 000c cb007107 c6336401 d431 01bb";
    private static final String TCP6 =
            SIGNATURE
                    + "21 21 0024 20010db8000000000000000000000001"
                    + " 20010db8000000000000000000000002 d431 01bb";

    private static ByteBuf text(String line) {
        return Unpooled.copiedBuffer(line, StandardCharsets.ISO_8859_1);
    }

    private static ByteBuf hex(String hex) {
        return Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    private static String read(ByteBuf in) throws Malformed {
        return switch (ProxyHeaderReader.read(in)) {
            case ProxyHeader.Proxied(Peers ends) -> ends.client() + " " + ends.server();
            case Other other -> other.name();
        };
    }

    @Test
    void wholeHeader_namesBothEnds_andIsConsumed() throws Exception {
        ByteBuf line = text("PROXY TCP4 203.0.113.7 198.51.100.1 54321 443\r\nGET");
        assertThat(read(line)).isEqualTo("/203.0.113.7:54321 /198.51.100.1:443");
        assertThat(line.toString(StandardCharsets.US_ASCII)).isEqualTo("GET");
        assertThat(read(text("PROXY TCP6 2001:db8::1 ::ffff:198.51.100.1 0 65535\r\n")))
                .isEqualTo("/[2001:db8:0:0:0:0:0:1]:0 /198.51.100.1:65535");
        ByteBuf bytes = hex(TCP4 + "1603");
        assertThat(read(bytes)).isEqualTo("/203.0.113.7:54321 /198.51.100.1:443");
        assertThat(bytes.readableBytes()).isEqualTo(2);
        assertThat(read(hex(TCP6)))
                .isEqualTo("/[2001:db8:0:0:0:0:0:1]:54321 /[2001:db8:0:0:0:0:0:2]:443");
    }

    @Test
    void headerWithoutEnds_isOfTheProxyItself() throws Exception {
        assertThat(read(text("PROXY UNKNOWN\r\n"))).isEqualTo("LOCAL");
        assertThat(read(text("PROXY UNKNOWN ::1 whatever\r\n"))).isEqualTo("LOCAL");
        assertThat(read(hex(SIGNATURE + "20 00 0000"))).isEqualTo("LOCAL");
        assertThat(read(hex(SIGNATURE + "20 11 000c cb007107 c6336401 d431 01bb")))
                .isEqualTo("LOCAL");
        assertThat(read(hex(SIGNATURE + "21 00 0003 010203"))).isEqualTo("LOCAL");
    }

    @Test
    void partOfAHeader_isIncomplete_whereverItIsCut() throws Exception {
        List<ByteBuf> headers =
                List.of(
                        text("PROXY TCP4 203.0.113.7 198.51.100.1 54321 443\r\n"),
                        text("PROXY UNKNOWN\r\n"),
                        hex(TCP4),
                        hex(TCP6));
        for (ByteBuf header : headers) {
            for (int length = 1; length < header.readableBytes(); length++) {
                ByteBuf part = header.slice(0, length);
                assertThat(read(part)).as("%s bytes", length).isEqualTo("INCOMPLETE");
                assertThat(part.readableBytes()).isEqualTo(length);
            }
        }
    }

    @Test
    void otherBytes_areNoHeader_andStay() throws Exception {
        for (String other :
                List.of("GET / HTTP/1.1", "PRI * HTTP/2.0", "POST /", "\r\nGET", "PROXYX")) {
            ByteBuf in = text(other);
            assertThat(read(in)).isEqualTo("ABSENT");
            assertThat(in.readableBytes()).isEqualTo(other.length());
        }
        assertThat(read(hex("160301"))).isEqualTo("ABSENT");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TCP4 203.0.113.7 198.51.100.1 54321",
                "TCP4 203.0.113.7 198.51.100.1 54321 443 ",
                "TCP4  203.0.113.7 198.51.100.1 54321 443",
                "TCP4 203.0.113.07 198.51.100.1 54321 443",
                "TCP4 203.0.113.256 198.51.100.1 54321 443",
                "TCP4 203.0.113 198.51.100.1 54321 443",
                "TCP4 2001:db8::1 198.51.100.1 54321 443",
                "TCP4 203.0.113.7 198.51.100.1 054321 443",
                "TCP4 203.0.113.7 198.51.100.1 +54321 443",
                "TCP4 203.0.113.7 198.51.100.1 65536 443",
                "TCP4 203.0.113.7 198.51.100.1 -1 443",
                "TCP6 203.0.113.7 198.51.100.1 54321 443",
                "TCP6 fe80::1%eth0 ::1 54321 443",
                "TCP6 [::1] ::1 54321 443",
                "TCP6 ::1::2 ::1 54321 443",
                "UDP4 203.0.113.7 198.51.100.1 54321 443",
                "tcp4 203.0.113.7 198.51.100.1 54321 443",
                "UNKNOWNX",
                "",
                "TCP4 localhost 198.51.100.1 54321 443"
            })
    void malformedLine_isRefused(String line) {
        assertThatThrownBy(() -> read(text("PROXY " + line + "\r\n")))
                .isInstanceOf(Malformed.class);
    }

    @Test
    void lineWithoutItsEnd_isRefused() {
        assertThatThrownBy(() -> read(text("PROXY UNKNOWN " + "x".repeat(200))))
                .isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> read(text("PROXY TCP4 203.0.113.7 198.51.100.1 54321 443\n")))
                .isInstanceOf(Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "31 11 000c cb007107 c6336401 d431 01bb", // version 3
                "11 11 000c cb007107 c6336401 d431 01bb", // version 1
                "22 11 000c cb007107 c6336401 d431 01bb", // an unknown command
                "21 12 000c cb007107 c6336401 d431 01bb", // UDP
                "21 31 000c cb007107 c6336401 d431 01bb", // a UNIX socket
                "21 41 000c cb007107 c6336401 d431 01bb", // an unknown family
                "21 11 000b cb007107 c6336401 d431 01", // cut addresses
                "21 21 000c cb007107 c6336401 d431 01bb", // cut addresses of IPv6
                "21 11 000e cb007107 c6336401 d431 01bb 0400", // half an extension
                "21 11 0010 cb007107 c6336401 d431 01bb 04000200", // longer than the header
                "21 11 0013 cb007107 c6336401 d431 01bb 03000400000000", // a wrong checksum
                "21 11 000f cb007107 c6336401 d431 01bb 030000", // no checksum
                "21 11 ffff", // too long, known at once
                "21 11 0ff1"
            })
    void malformedBytes_areRefused(String header) {
        assertThatThrownBy(() -> read(hex(SIGNATURE + header))).isInstanceOf(Malformed.class);
    }

    @Test
    void extensions_arePassedOver_andAChecksumHolds() throws Exception {
        assertThat(read(hex(SIGNATURE + "21 11 0011 cb007107 c6336401 d431 01bb ea0002 6161")))
                .isEqualTo("/203.0.113.7:54321 /198.51.100.1:443");
        byte[] all =
                HexFormat.of()
                        .parseHex(
                                (SIGNATURE
                                                + "21 11 0013 cb007107 c6336401 d431 01bb"
                                                + " 03000400000000")
                                        .replace(" ", ""));
        java.util.zip.CRC32C sum = new java.util.zip.CRC32C();
        sum.update(all);
        java.nio.ByteBuffer.wrap(all).putInt(all.length - 4, (int) sum.getValue());
        assertThat(read(Unpooled.wrappedBuffer(all)))
                .isEqualTo("/203.0.113.7:54321 /198.51.100.1:443");
    }

    @Test
    void randomBytes_areReadOrRefused_andNothingElse() {
        Random random = new Random(16);
        byte[][] seeds = {
            HexFormat.of().parseHex(TCP4.replace(" ", "")),
            HexFormat.of().parseHex(TCP6.replace(" ", "")),
            "PROXY TCP4 203.0.113.7 198.51.100.1 54321 443\r\n".getBytes(StandardCharsets.US_ASCII),
            "PROXY TCP6 2001:db8::1 ::1 54321 443\r\n".getBytes(StandardCharsets.US_ASCII)
        };
        int refused = 0;
        for (int i = 0; i < 50_000; i++) {
            byte[] one = seeds[random.nextInt(seeds.length)].clone();
            for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                one[random.nextInt(one.length)] = (byte) random.nextInt();
            }
            try {
                ProxyHeaderReader.read(Unpooled.wrappedBuffer(one));
            } catch (Malformed e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(1_000);
    }
}
