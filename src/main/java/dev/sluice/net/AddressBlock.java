package dev.sluice.net;

import io.netty.util.NetUtil;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A block of addresses in CIDR notation.
public final class AddressBlock {

    private final byte[] network;
    private final int bits;

    private AddressBlock(byte[] network, int bits) {
        this.network = network;
        this.bits = bits;
    }

    /// @param text such as `10.0.0.0/8`, `2001:db8::/32`, or a single address
    /// @throws IllegalArgumentException when it is neither, with its text
    public static AddressBlock parse(String text) {
        int slash = text.indexOf('/');
        byte[] network = address(slash < 0 ? text : text.substring(0, slash));
        if (network == null) {
            throw malformed(text);
        }
        int most = 8 * network.length;
        int bits = most;
        try {
            if (slash >= 0) {
                bits = Integer.parseInt(text.substring(slash + 1));
            }
        } catch (NumberFormatException e) {
            throw malformed(text);
        }
        if (bits < 0 || bits > most) {
            throw malformed(text);
        }
        return new AddressBlock(network, bits);
    }

    private static IllegalArgumentException malformed(String text) {
        return new IllegalArgumentException(
                "\"" + text + "\" is not an address or a block such as 10.0.0.0/8");
    }

    /// The bytes of an address, null when it is none. An IPv4 address in the clothes of IPv6 (RFC
    /// 4291 2.5.5.2) is an IPv4 address.
    public static byte @Nullable [] address(String literal) {
        byte[] address = NetUtil.createByteArrayFromIpAddressString(literal);
        return address == null ? null : unmapped(address);
    }

    private static byte[] unmapped(byte[] address) {
        boolean mapped = address.length == 16 && address[10] == -1 && address[11] == -1;
        for (int i = 0; i < 10 && mapped; i++) {
            mapped = address[i] == 0;
        }
        return mapped ? Arrays.copyOfRange(address, 12, 16) : address;
    }

    public boolean contains(byte[] address) {
        if (address.length != network.length) {
            return false;
        }
        int whole = bits / 8;
        for (int i = 0; i < whole; i++) {
            if (address[i] != network[i]) {
                return false;
            }
        }
        int mask = 0xff << 8 - bits % 8;
        return bits % 8 == 0 || ((address[whole] ^ network[whole]) & mask & 0xff) == 0;
    }
}
