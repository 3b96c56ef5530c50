package dev.sluice.net;

import io.netty.channel.ChannelException;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;

/// Errors of a connection that its peer or the network causes, and that are nobody's fault here:
/// the connection ends, and there is nothing to report.
public final class IoErrors {

    private IoErrors() {}

    /// Whether an error is of input, output or TLS (`SSLException` is an [IOException]).
    public static boolean isOne(Throwable error) {
        return switch (error) {
            case IOException _, ChannelException _ -> true;
            case DecoderException decoder ->
                    decoder.getCause() == null || isOne(decoder.getCause());
            default -> false;
        };
    }
}
