package dev.sluice.http;

import dev.sluice.barrier.Barrier;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;

/// The barrier between a client's connection and what takes its request.
///
/// @param to what takes it
/// @param owner ends with an error
public record GuardedRequestEvents(RequestEvents to, Barrier.Owner owner) implements RequestEvents {

    @Override
    public void onRequestData(ByteBuf data, boolean end) {
        try {
            to.onRequestData(data, end);
        } catch (Throwable error) {
            Barrier.failed(owner, error);
        }
    }

    @Override
    public void onRequestTrailers(HttpHeaders trailers) {
        try {
            to.onRequestTrailers(trailers);
        } catch (Throwable error) {
            Barrier.failed(owner, error);
        }
    }

    @Override
    public void onRequestReadComplete() {
        try {
            to.onRequestReadComplete();
        } catch (Throwable error) {
            Barrier.failed(owner, error);
        }
    }

    @Override
    public void onClientWritable() {
        try {
            to.onClientWritable();
        } catch (Throwable error) {
            Barrier.failed(owner, error);
        }
    }

    @Override
    public void onBadRequest(BadMessage bad) {
        try {
            to.onBadRequest(bad);
        } catch (Throwable error) {
            Barrier.failed(owner, error);
        }
    }

    @Override
    public void onClientAbort() {
        try {
            to.onClientAbort();
        } catch (Throwable error) {
            Barrier.failed(owner, error);
        }
    }
}
