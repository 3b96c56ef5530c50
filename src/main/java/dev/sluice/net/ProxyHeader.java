package dev.sluice.net;

import io.netty.buffer.ByteBuf;

/// What stands at the start of a connection where a header of the PROXY protocol may stand (its
/// specification: <https://www.haproxy.org/download/3.2/doc/proxy-protocol.txt>).
public sealed interface ProxyHeader {

    /// A header that names the ends of the connection to the proxy.
    record Proxied(Peers peers) implements ProxyHeader {}

    /// Something else than such a header.
    enum Other implements ProxyHeader {
        /// A header of a connection of the proxy's own, such as a health check, or one whose ends
        /// it does not know: those of the connection hold.
        LOCAL,
        /// The beginning of a header; more has to come.
        INCOMPLETE,
        /// No header.
        ABSENT
    }

    /// A header that breaks the specification, or that no TCP connection has.
    final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        Malformed(String message) {
            super(message, null, false, false);
        }
    }

    /// Whether bytes are those of a header, or the beginning of them.
    static boolean begins(ByteBuf in, byte[] signature) {
        int known = Math.min(in.readableBytes(), signature.length);
        for (int i = 0; i < known; i++) {
            if (in.getByte(in.readerIndex() + i) != signature[i]) {
                return false;
            }
        }
        return true;
    }
}
