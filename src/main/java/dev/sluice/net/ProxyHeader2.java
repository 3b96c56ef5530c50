package dev.sluice.net;

import dev.sluice.net.ProxyHeader.Malformed;
import dev.sluice.net.ProxyHeader.Other;
import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.zip.CRC32C;

/// Version 2 of the PROXY protocol (section 2.2): bytes. What is told beside the addresses (TLVs)
/// has to have its form, and its checksum where it has one, and is passed over.
final class ProxyHeader2 {

    private static final byte[] SIGNATURE = {
        '\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'
    };

    private static final int HEAD = 16;

    /// Bytes behind the first 16. The specification asks senders to stay below 536; AWS, GCP and
    /// Azure add less than 100.
    private static final int LONGEST = 4096 - HEAD;

    private static final int VERSION = 2;
    private static final int LOCAL = 0;
    private static final int PROXY = 1;
    private static final int UNSPECIFIED = 0x00;
    private static final int TCP_OVER_IPV4 = 0x11;
    private static final int TCP_OVER_IPV6 = 0x21;
    private static final int CHECKSUM = 0x03; // PP2_TYPE_CRC32C

    private ProxyHeader2() {}

    static ProxyHeader read(ByteBuf in) throws Malformed {
        if (!ProxyHeader.begins(in, SIGNATURE)) {
            return Other.ABSENT;
        }
        int start = in.readerIndex();
        if (in.readableBytes() < HEAD) {
            return Other.INCOMPLETE;
        }
        int command = in.getByte(start + SIGNATURE.length) & 0xff;
        if (command >> 4 != VERSION || (command & 0xf) > PROXY) {
            throw new Malformed("neither LOCAL nor PROXY of version 2");
        }
        int length = in.getUnsignedShort(start + HEAD - 2);
        if (length > LONGEST) {
            throw new Malformed(length + " bytes are more than " + LONGEST);
        }
        if (in.readableBytes() < HEAD + length) {
            return Other.INCOMPLETE;
        }
        byte[] all = new byte[HEAD + length];
        in.getBytes(start, all);
        ProxyHeader header = (command & 0xf) == LOCAL ? Other.LOCAL : proxied(all);
        in.skipBytes(all.length);
        return header;
    }

    private static ProxyHeader proxied(byte[] all) throws Malformed {
        return switch (all[HEAD - 3] & 0xff) {
            case UNSPECIFIED -> Other.LOCAL;
            case TCP_OVER_IPV4 -> proxied(all, 4);
            case TCP_OVER_IPV6 -> proxied(all, 16);
            default -> throw new Malformed("not a TCP connection");
        };
    }

    /// @param size bytes of an address
    private static ProxyHeader proxied(byte[] all, int size) throws Malformed {
        int ports = HEAD + 2 * size;
        if (all.length < ports + 4) {
            throw new Malformed("the addresses are cut");
        }
        checkExtensions(all, ports + 4);
        return new ProxyHeader.Proxied(
                new Peers(
                        socket(all, HEAD, size, ports), socket(all, HEAD + size, size, ports + 2)));
    }

    private static InetSocketAddress socket(byte[] all, int from, int size, int port)
            throws Malformed {
        try {
            return new InetSocketAddress(
                    InetAddress.getByAddress(Arrays.copyOfRange(all, from, from + size)),
                    unsignedShort(all, port));
        } catch (UnknownHostException e) {
            throw new Malformed("not an address");
        }
    }

    private static void checkExtensions(byte[] all, int from) throws Malformed {
        int at = from;
        while (at < all.length) {
            if (at + 3 > all.length) {
                throw new Malformed("an extension is cut");
            }
            int length = unsignedShort(all, at + 1);
            if (at + 3 + length > all.length) {
                throw new Malformed("an extension is cut");
            }
            if (all[at] == CHECKSUM) {
                checkSum(all, at + 3, length);
            }
            at += 3 + length;
        }
    }

    /// Section 2.2.1: over the whole header, the checksum itself being zero.
    private static void checkSum(byte[] all, int at, int length) throws Malformed {
        if (length != 4) {
            throw new Malformed("a checksum of " + length + " bytes");
        }
        CRC32C sum = new CRC32C();
        sum.update(all, 0, at);
        sum.update(new byte[4]);
        sum.update(all, at + 4, all.length - at - 4);
        long told = (long) unsignedShort(all, at) << 16 | unsignedShort(all, at + 2);
        if (sum.getValue() != told) {
            throw new Malformed("the checksum is wrong");
        }
    }

    private static int unsignedShort(byte[] all, int at) {
        return (all[at] & 0xff) << 8 | all[at + 1] & 0xff;
    }
}
