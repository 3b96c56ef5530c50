package dev.sluice.net;

import java.util.Arrays;
import java.util.HexFormat;

/// Whom an address stands for where clients are distinguished: itself, or of IPv6 the 64 bits that
/// a subscriber has at least (RFC 6177).
public final class ClientNetwork {

    private static final int SUBSCRIBER_BYTES = 8;

    private ClientNetwork() {}

    /// @param host as [TrustedProxies#client] returns it
    public static String of(String host) {
        if (host.indexOf(':') < 0) {
            return host;
        }
        byte[] address = AddressBlock.address(host);
        if (address == null || address.length <= SUBSCRIBER_BYTES) {
            return host;
        }
        return HexFormat.of().formatHex(Arrays.copyOf(address, SUBSCRIBER_BYTES));
    }
}
