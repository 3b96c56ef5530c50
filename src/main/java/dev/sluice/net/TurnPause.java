package dev.sluice.net;

import dev.sluice.barrier.Barrier;
import io.netty.channel.EventLoop;

/// The pause between two turns of a connection that has more for the next, in which others have
/// theirs. Touched by its event loop only.
public final class TurnPause {

    /// Nanoseconds: no correct peer sends 250 chunks, requests or frames in each millisecond.
    public static final long NANOS = 1_000_000;

    private final EventLoop loop;
    private final Barrier.Owner owner;
    private final Runnable turn;
    private boolean begun;

    /// @param owner of what ends when a turn fails
    /// @param turn runs on the event loop
    public TurnPause(EventLoop loop, Barrier.Owner owner, Runnable turn) {
        this.loop = loop;
        this.owner = owner;
        this.turn = turn;
    }

    /// Pauses before the next turn; the same pause where one has begun.
    public void begin() {
        if (!begun) {
            begun = true;
            var _ = Barrier.schedule(loop, owner, this::end, NANOS);
        }
    }

    private void end() {
        begun = false;
        turn.run();
    }
}
