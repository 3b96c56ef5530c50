package dev.sluice.http;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Addresses of proxies in front of us whose forwarding fields are believed, as blocks of CIDR
/// notation. What anybody else says of itself in such fields is not.
public final class TrustedProxies {

    /// Nobody is believed.
    public static final TrustedProxies NONE = new TrustedProxies(List.of());

    private final List<Block> blocks;

    private TrustedProxies(List<Block> blocks) {
        this.blocks = List.copyOf(blocks);
    }

    /// @param blocks such as `10.0.0.0/8`, `2001:db8::/32`, or a single address
    /// @throws IllegalArgumentException when one is neither, with its text
    public static TrustedProxies of(List<String> blocks) {
        return blocks.isEmpty()
                ? NONE
                : new TrustedProxies(blocks.stream().map(Block::parse).toList());
    }

    /// The same when the peer is one of them, else [#NONE].
    public TrustedProxies seenFrom(InetAddress peer) {
        return contains(peer.getAddress()) ? this : NONE;
    }

    public boolean isEmpty() {
        return blocks.isEmpty();
    }

    private boolean contains(byte[] address) {
        for (Block block : blocks) {
            if (block.contains(address)) {
                return true;
            }
        }
        return false;
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
                byte[] address = address(hop);
                if (address == null) {
                    return client; // nothing behind it can be relied on
                }
                client = hop;
                if (!contains(address)) {
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

    private static byte @Nullable [] address(String literal) {
        byte[] address = NetUtil.createByteArrayFromIpAddressString(literal);
        return address == null ? null : unmapped(address);
    }

    /// An IPv4 address in the clothes of IPv6 (RFC 4291 2.5.5.2) as itself.
    private static byte[] unmapped(byte[] address) {
        boolean mapped = address.length == 16 && address[10] == -1 && address[11] == -1;
        for (int i = 0; i < 10 && mapped; i++) {
            mapped = address[i] == 0;
        }
        return mapped ? Arrays.copyOfRange(address, 12, 16) : address;
    }

    private static final class Block {

        private final byte[] network;
        private final int bits;

        /// @param bits leading bits of the network that count
        Block(byte[] network, int bits) {
            this.network = network;
            this.bits = bits;
        }

        static Block parse(String text) {
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
            return new Block(network, bits);
        }

        private static IllegalArgumentException malformed(String text) {
            return new IllegalArgumentException(
                    "\"" + text + "\" is not an address or a block such as 10.0.0.0/8");
        }

        boolean contains(byte[] address) {
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
}
