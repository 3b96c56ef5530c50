package dev.sluice.server;

import dev.sluice.barrier.Barrier;
import dev.sluice.http.http1.Http1Parser;
import dev.sluice.net.TurnPause;
import io.netty.channel.Channel;

/// The one place that decides whether the socket of a client's HTTP/1.1 connection is read.
final class Http1Reading {

    /// Bytes of requests in waiting, beyond which the socket is not read; what one read brings
    /// comes on top.
    private static final int MAX_AHEAD = 16 * 1024;

    private final Channel channel;
    private final Http1Parser parser;
    private final TurnPause pause;
    private boolean wanted = true;

    /// @param turn goes on with what was read before
    Http1Reading(Channel channel, Http1Parser parser, Barrier.Owner owner, Runnable turn) {
        this.channel = channel;
        this.parser = parser;
        this.pause = new TurnPause(channel.eventLoop(), owner, turn);
    }

    /// Whether somebody wants the body of the current request.
    void want(boolean more) {
        wanted = more;
    }

    /// The socket is read for a body as long as somebody wants it, behind a whole request only so
    /// far that its end is noticed and the next one is at hand.
    ///
    /// @param thrownAway what comes, which is bounded elsewhere
    /// @param inBody whether the current request is not whole
    void adjust(boolean thrownAway, boolean inBody) {
        boolean reading =
                thrownAway
                        || (inBody ? wanted : !parser.isPaused() || parser.pending() <= MAX_AHEAD);
        boolean more = parser.hasMore();
        channel.config().setAutoRead(reading && !more);
        if (more) {
            pause.begin();
        }
    }
}
