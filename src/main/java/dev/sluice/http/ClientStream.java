package dev.sluice.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;

/// The backend's side of one request: where its body is written. The head went out when the stream
/// was opened. All calls are on its event loop; calls after the end of the response or after
/// [#cancel()] do nothing (and release what they got).
public interface ClientStream {

    /// Writes a part of the body and takes ownership of it.
    ///
    /// @param end whether it is the last part
    void data(ByteBuf data, boolean end);

    /// Ends the body with trailer fields.
    void trailers(HttpHeaders trailers);

    /// Hands what was written to the socket.
    void flush();

    /// Gives the exchange up; no event follows.
    void cancel();

    /// False while the backend takes bytes more slowly than they are written;
    /// [ResponseEvents#onBackendWritable()] tells when that ends.
    boolean isWritable();

    /// Pauses or resumes reading the response's body.
    void read(boolean wanted);
}
