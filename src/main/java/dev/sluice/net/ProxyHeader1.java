package dev.sluice.net;

import dev.sluice.net.ProxyHeader.Malformed;
import dev.sluice.net.ProxyHeader.Other;
import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Version 1 of the PROXY protocol (section 2.1): a line of text.
final class ProxyHeader1 {

    private static final byte[] SIGNATURE = "PROXY ".getBytes(StandardCharsets.US_ASCII);

    /// Bytes of the longest line, with CRLF.
    private static final int LONGEST = 107;

    private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,4}");
    private static final Pattern IPV4 =
            Pattern.compile("(?:(?:0|[1-9][0-9]{0,2})\\.){3}(?:0|[1-9][0-9]{0,2})");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}");

    private ProxyHeader1() {}

    static ProxyHeader read(ByteBuf in) throws Malformed {
        if (!ProxyHeader.begins(in, SIGNATURE)) {
            return Other.ABSENT;
        }
        int known = Math.min(in.readableBytes(), LONGEST);
        int end = in.indexOf(in.readerIndex(), in.readerIndex() + known, (byte) '\n');
        if (end < 0) {
            if (known == LONGEST) {
                throw new Malformed("the line is longer than " + LONGEST + " bytes");
            }
            return Other.INCOMPLETE;
        }
        int length = end + 1 - in.readerIndex();
        String line = in.toString(in.readerIndex(), length, StandardCharsets.ISO_8859_1);
        if (!line.endsWith("\r\n")) {
            throw new Malformed("the line does not end with CRLF");
        }
        ProxyHeader header = parse(line.substring(SIGNATURE.length, line.length() - 2));
        in.skipBytes(length);
        return header;
    }

    private static ProxyHeader parse(String line) throws Malformed {
        if (line.equals("UNKNOWN") || line.startsWith("UNKNOWN ")) {
            return Other.LOCAL; // whatever stands behind it
        }
        List<String> parts = List.of(line.split(" ", -1));
        if (parts.size() != 5) {
            throw new Malformed("not five parts");
        }
        boolean ipv6 = parts.get(0).equals("TCP6");
        if (!ipv6 && !parts.get(0).equals("TCP4")) {
            throw new Malformed("neither TCP4 nor TCP6");
        }
        return new ProxyHeader.Proxied(
                new Peers(
                        socket(ipv6, parts.get(1), parts.get(3)),
                        socket(ipv6, parts.get(2), parts.get(4))));
    }

    private static InetSocketAddress socket(boolean ipv6, String address, String port)
            throws Malformed {
        int number = NUMBER.matcher(port).matches() ? Integer.parseInt(port) : -1;
        byte[] bytes = bytes(ipv6, address);
        if (bytes == null || number < 0 || number > 0xffff) {
            throw new Malformed("not an address and a port");
        }
        try {
            return new InetSocketAddress(InetAddress.getByAddress(bytes), number);
        } catch (UnknownHostException e) {
            throw new Malformed("not an address");
        }
    }

    private static byte @Nullable [] bytes(boolean ipv6, String address) {
        boolean good =
                ipv6
                        ? IPV6.matcher(address).matches() && address.indexOf(':') >= 0
                        : IPV4.matcher(address).matches();
        return good ? AddressBlock.address(address) : null;
    }
}
