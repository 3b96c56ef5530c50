package dev.sluice.http;

import dev.sluice.net.Connection;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;

/// The client's side of one request: where its response is written. All calls are on
/// [#eventLoop()]; calls after the end or after an abort do nothing (and release what they got).
public interface ServerStream {

    EventLoop eventLoop();

    Connection connection();

    /// `HTTP/1.0`, `HTTP/1.1` or `HTTP/2`.
    String protocol();

    /// Writes an interim response. Like all writes it leaves with the next [#flush()].
    void informational(ResponseHead head);

    /// Writes the head. After status 101 the stream is a tunnel: both bodies are raw bytes.
    ///
    /// @param end whether there is no body
    void head(ResponseHead head, boolean end);

    /// Writes a part of the body and takes ownership of it.
    ///
    /// @param end whether it is the last part
    void data(ByteBuf data, boolean end);

    /// Ends the body with trailer fields.
    void trailers(HttpHeaders trailers);

    /// Hands what was written to the socket.
    void flush();

    /// Cuts the response so that the client sees that it is incomplete.
    ///
    /// @param cause reported to the client where its protocol has words for it
    void abort(Failure cause);

    /// False while the client takes bytes more slowly than they are written;
    /// [RequestEvents#onClientWritable()] tells when that ends.
    boolean isWritable();

    /// Pauses or resumes reading the request's body.
    void read(boolean wanted);
}
