package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/// An HTTP/2 client over a plain socket, so that tests choose and see each frame (RFC 9113 6). It
/// can be the other end, too.
final class RawHttp2Client implements AutoCloseable {

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;
    static final int ACK = 1;

    private static final byte[] PREFACE =
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);

    /// A frame.
    static final class Frame {

        private final int flags;
        private final int stream;
        private final byte[] payload;

        Frame(int flags, int stream, byte[] payload) {
            this.flags = flags;
            this.stream = stream;
            this.payload = payload;
        }

        int stream() {
            return stream;
        }

        byte[] payload() {
            return payload;
        }

        boolean has(int flag) {
            return (flags & flag) != 0;
        }
    }

    RawHttp2Client(int port) throws IOException {
        this(port, RawClient.PATIENCE_MILLIS);
    }

    /// @param patience milliseconds to wait for what does not come
    RawHttp2Client(int port, int patience) throws IOException {
        this(new Socket(InetAddress.getLoopbackAddress(), port));
        socket.setSoTimeout(patience);
        out.write(PREFACE);
        send(SETTINGS, 0, 0, new byte[0]);
    }

    /// One with a small window of TCP, which is soon full when it does not read.
    static RawHttp2Client slow(int port) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.setSoTimeout(RawClient.PATIENCE_MILLIS);
        RawHttp2Client client = new RawHttp2Client(socket);
        client.out.write(PREFACE);
        return client.send(SETTINGS, 0, 0, new byte[0]);
    }

    private RawHttp2Client(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        in = new DataInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    /// The server's end of a connection.
    static RawHttp2Client accepted(Socket socket) throws IOException {
        RawHttp2Client server = new RawHttp2Client(socket);
        assertThat(server.in.readNBytes(PREFACE.length)).isEqualTo(PREFACE);
        return server.send(SETTINGS, 0, 0, new byte[0]);
    }

    RawHttp2Client send(int type, int flags, int stream, byte[] payload) throws IOException {
        return write(frame(type, flags, stream, payload));
    }

    /// Frames at once, so that they come in one read as far as the socket's buffers go.
    RawHttp2Client write(byte[] frames) throws IOException {
        out.write(frames);
        return this;
    }

    static byte[] frame(int type, int flags, int stream, byte[] payload) {
        ByteBuf frame = Unpooled.buffer(9 + payload.length, 9 + payload.length);
        frame.writeMedium(payload.length).writeByte(type).writeByte(flags).writeInt(stream);
        frame.writeBytes(payload);
        return frame.array();
    }

    /// Names and values in turn as a header block: literals that no table remembers (RFC 7541
    /// 6.2.2).
    static byte[] block(String... fields) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (int i = 0; i < fields.length; i += 2) {
            block.write(0);
            text(block, fields[i]);
            text(block, fields[i + 1]);
        }
        return block.toByteArray();
    }

    private static void text(ByteArrayOutputStream block, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        int length = bytes.length;
        if (length < 127) {
            block.write(length);
        } else {
            block.write(127);
            length -= 127;
            while (length >= 128) {
                block.write(length % 128 + 128);
                length /= 128;
            }
            block.write(length);
        }
        block.writeBytes(bytes);
    }

    static byte[] get(String path) {
        return block(":method", "GET", ":scheme", "http", ":authority", "a", ":path", path);
    }

    /// The next frame of that type; others are skipped, settings acknowledged.
    Frame read(int type) throws IOException {
        while (true) {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            int kind = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            int stream = in.readInt() & Integer.MAX_VALUE;
            byte[] payload = in.readNBytes(length);
            if (payload.length < length) {
                throw new EOFException("a frame was cut");
            }
            if (kind == SETTINGS && (flags & ACK) == 0) {
                send(SETTINGS, ACK, 0, new byte[0]);
            }
            if (kind == type) {
                return new Frame(flags, stream, payload);
            }
        }
    }

    /// Lets the server send more bytes of a stream, or of all for stream 0.
    RawHttp2Client grant(int stream, int bytes) throws IOException {
        return send(WINDOW_UPDATE, 0, stream, Unpooled.copyInt(bytes).array());
    }

    /// Reads so many bytes of a stream's body.
    int readBody(int stream, int bytes) throws IOException {
        int seen = 0;
        while (seen < bytes) {
            Frame data = read(DATA);
            assertThat(data.stream()).isEqualTo(stream);
            seen += data.payload().length;
        }
        return seen;
    }

    /// The fields of a frame. Each HEADERS frame has to be decoded, since later ones refer to it.
    Http2Headers fields(Frame headers) throws Http2Exception {
        return decoder.decodeHeaders(headers.stream(), Unpooled.wrappedBuffer(headers.payload()));
    }

    /// Whether the server ends the connection; what it says before is skipped. Waits for it up to
    /// the read time-out.
    boolean isClosedByServer() throws IOException {
        try {
            in.skipNBytes(Long.MAX_VALUE);
            return false;
        } catch (EOFException | SocketException e) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
