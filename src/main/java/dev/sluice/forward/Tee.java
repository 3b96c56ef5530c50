package dev.sluice.forward;

import dev.sluice.barrier.Barrier;
import dev.sluice.engine.Exchange;
import dev.sluice.engine.MirrorSet;
import dev.sluice.http.RequestEvents;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Passes a request's body on to its backend and to its mirrors.
final class Tee implements RequestEvents, MirrorSet {

    private static final Barrier.Owner MIRROR = Barrier.only("mirror");

    private final List<MirrorCopy> copies = new ArrayList<>();
    private @Nullable RequestEvents backend;

    private Tee() {}

    /// Begins the copies of a request whose rule has mirrors.
    static MirrorSet begin(List<MirrorTarget> mirrors, Exchange exchange, boolean endsWithHead) {
        Tee tee = new Tee();
        for (MirrorTarget mirror : mirrors) {
            Barrier.run(MIRROR, () -> tee.copy(mirror, exchange, endsWithHead));
        }
        return tee.copies.isEmpty() ? MirrorSet.NONE : tee;
    }

    private void copy(MirrorTarget mirror, Exchange exchange, boolean endsWithHead) {
        MirrorCopy copy = mirror.draws() ? MirrorCopy.start(mirror, exchange, endsWithHead) : null;
        if (copy != null) {
            copies.add(copy);
        }
    }

    @Override
    public RequestEvents around(RequestEvents to) {
        backend = to;
        return this;
    }

    /// Whom the client waits for.
    private RequestEvents backend() {
        return Objects.requireNonNull(backend, "no backend yet");
    }

    @Override
    public void abort() {
        copies.forEach(MirrorCopy::onClientAbort);
    }

    private void each(Consumer<MirrorCopy> event) {
        copies.forEach(copy -> Barrier.run(copy, () -> event.accept(copy)));
    }

    @Override
    public void onEnded() {
        each(MirrorCopy::onAnswered);
    }

    @Override
    public void onRequestData(ByteBuf data, boolean end) {
        each(copy -> copy.onRequestData(data.retainedDuplicate(), end));
        backend().onRequestData(data, end);
    }

    @Override
    public void onRequestTrailers(HttpHeaders trailers) {
        each(copy -> copy.onRequestTrailers(trailers));
        backend().onRequestTrailers(trailers);
    }

    @Override
    public void onRequestReadComplete() {
        each(MirrorCopy::onRequestReadComplete);
        backend().onRequestReadComplete();
    }

    @Override
    public void onClientWritable() {
        backend().onClientWritable();
    }

    @Override
    public void onClientAbort() {
        each(MirrorCopy::onClientAbort);
        backend().onClientAbort();
    }
}
