package dev.sluice.gateway;

import dev.sluice.fixture.wire.RawClient;
import dev.sluice.fixture.wire.RawHttp2Client;
import java.io.IOException;

/// A gateway that runs, whichever it is.
interface Served extends AutoCloseable {

    int port();

    default RawClient client() throws IOException {
        return new RawClient(port());
    }

    default RawHttp2Client http2Client() throws IOException {
        return new RawHttp2Client(port());
    }

    @Override
    void close();
}
