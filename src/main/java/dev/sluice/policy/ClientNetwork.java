package dev.sluice.policy;

import io.netty.util.NetUtil;

/// What a client's address is counted as: a site has a whole prefix of IPv6.
public final class ClientNetwork {

    /// Bits of an IPv6 address that a site has at least.
    private static final int SITE = 64;

    /// Bytes of an IPv6 address.
    private static final int V6 = 16;

    private ClientNetwork() {}

    /// The address, or the first 64 bits of it where it is an IPv6 one.
    public static String of(String address) {
        return of(address, SITE);
    }

    /// The address, or the first bits of it where it is an IPv6 one.
    public static String of(String address, int prefix) {
        byte[] bytes =
                address.indexOf(':') < 0
                        ? null
                        : NetUtil.createByteArrayFromIpAddressString(address);
        if (bytes == null || bytes.length != V6) {
            return address;
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i * 8 < prefix; i++) {
            int bits = Math.min(8, prefix - i * 8);
            text.append((char) (bytes[i] & 0xff & (0xff << (8 - bits))));
        }
        return text.toString();
    }
}
