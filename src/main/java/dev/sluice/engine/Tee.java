package dev.sluice.engine;

import dev.sluice.barrier.Barrier;
import dev.sluice.http.RequestEvents;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Passes a request's body on to its backend and to its mirrors.
///
/// @param backend who the client waits for
/// @param copies the mirrors
record Tee(RequestEvents backend, List<MirrorCopy> copies) implements RequestEvents {

    private static final Barrier.Owner MIRROR = Barrier.only("mirror");

    /// Begins the copies of a request whose rule has mirrors.
    static List<MirrorCopy> copies(Exchange exchange, boolean endsWithHead) {
        List<MirrorCopy> copies = new ArrayList<>();
        for (MirrorTarget mirrorTarget : exchange.rule().mirrors()) {
            Barrier.run(
                    MIRROR,
                    () -> {
                        MirrorCopy copy =
                                mirrorTarget.draws()
                                        ? MirrorCopy.start(mirrorTarget, exchange, endsWithHead)
                                        : null;
                        if (copy != null) {
                            copies.add(copy);
                        }
                    });
        }
        return copies;
    }

    private void each(Consumer<MirrorCopy> event) {
        copies.forEach(copy -> Barrier.run(copy, () -> event.accept(copy)));
    }

    /// The exchange is over.
    void onEnded() {
        each(MirrorCopy::onAnswered);
    }

    @Override
    public void onRequestData(ByteBuf data, boolean end) {
        each(copy -> copy.onRequestData(data.retainedDuplicate(), end));
        backend.onRequestData(data, end);
    }

    @Override
    public void onRequestTrailers(HttpHeaders trailers) {
        each(copy -> copy.onRequestTrailers(trailers));
        backend.onRequestTrailers(trailers);
    }

    @Override
    public void onRequestReadComplete() {
        each(MirrorCopy::onRequestReadComplete);
        backend.onRequestReadComplete();
    }

    @Override
    public void onClientWritable() {
        backend.onClientWritable();
    }

    @Override
    public void onClientAbort() {
        each(MirrorCopy::onClientAbort);
        backend.onClientAbort();
    }
}
