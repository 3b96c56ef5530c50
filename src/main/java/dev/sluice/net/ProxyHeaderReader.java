package dev.sluice.net;

import io.netty.buffer.ByteBuf;

/// Reads a header of the PROXY protocol, of either version.
public final class ProxyHeaderReader {

    private ProxyHeaderReader() {}

    /// Reads a header. Its bytes are consumed when it is whole, and none otherwise.
    ///
    /// @param in all that has come so far, at least one byte
    public static ProxyHeader read(ByteBuf in) throws ProxyHeader.Malformed {
        return in.getByte(in.readerIndex()) == 'P' ? ProxyHeader1.read(in) : ProxyHeader2.read(in);
    }
}
