package dev.sluice.net;

import java.net.InetAddress;
import java.util.List;

/// Addresses of proxies in front of us whose forwarding fields are believed, as blocks of CIDR
/// notation. What anybody else says of itself in such fields is not.
public final class TrustedProxies {

    /// Nobody is believed.
    public static final TrustedProxies NONE = new TrustedProxies(AddressBlocks.NONE);

    private final AddressBlocks blocks;

    private TrustedProxies(AddressBlocks blocks) {
        this.blocks = blocks;
    }

    /// @param blocks such as `10.0.0.0/8`, `2001:db8::/32`, or a single address
    /// @throws IllegalArgumentException when one is neither, with its text
    public static TrustedProxies of(List<String> blocks) {
        return blocks.isEmpty() ? NONE : new TrustedProxies(AddressBlocks.of(blocks));
    }

    /// The same when the peer is one of them, else [#NONE].
    public TrustedProxies seenFrom(InetAddress peer) {
        return blocks.contains(peer.getAddress()) ? this : NONE;
    }

    public boolean isEmpty() {
        return blocks.isEmpty();
    }

    /// The client in a chain of trusted proxies: the last address of the chain that is not one of
    /// them. What stands before it was written by somebody who is not trusted.
    ///
    /// @param chain values of `X-Forwarded-For`, each a list, the nearest hop last
    /// @param peer who opened the connection
    public String client(List<String> chain, String peer) {
        String client = peer;
        for (int i = chain.size() - 1; i >= 0; i--) {
            String list = chain.get(i);
            int end = list.length();
            while (end >= 0) {
                int comma = list.lastIndexOf(',', end - 1);
                String hop = host(list.substring(comma + 1, end).trim());
                byte[] address = AddressBlock.address(hop);
                if (address == null) {
                    return client; // nothing behind it can be relied on
                }
                client = hop;
                if (!blocks.contains(address)) {
                    return client;
                }
                end = comma;
            }
        }
        return client;
    }

    /// Without a port and the brackets of IPv6.
    private static String host(String hop) {
        if (hop.startsWith("[")) {
            int close = hop.indexOf(']');
            return close < 0 ? hop : hop.substring(1, close);
        }
        int colon = hop.indexOf(':');
        return colon > 0 && colon == hop.lastIndexOf(':') ? hop.substring(0, colon) : hop;
    }
}
