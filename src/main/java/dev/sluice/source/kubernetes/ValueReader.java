package dev.sluice.source.kubernetes;

import dev.sluice.observe.UnexpectedErrors;
import dev.sluice.source.kubernetes.api.ApiServer;
import dev.sluice.source.kubernetes.api.Backoff;
import java.io.IOException;
import java.util.concurrent.Semaphore;

/// Reads objects one by one, a few at a time, until the API server says what there is.
final class ValueReader {

    /// Requests in flight.
    static final int MOST_AT_A_TIME = 16;

    private final ApiServer server;
    private final UnexpectedErrors errors;
    private final Semaphore places = new Semaphore(MOST_AT_A_TIME, true);

    ValueReader(ApiServer server, UnexpectedErrors errors) {
        this.server = server;
        this.errors = errors;
    }

    /// Reads one, whenever it is due, in the background.
    ///
    /// @param path of the object
    /// @param values where it goes
    /// @param settled run when it is known for the first time what there is, or why not
    void read(ReferencedValue value, String path, KindStore values, Runnable settled) {
        if (value.due()) {
            Thread.ofVirtual()
                    .name("read " + value.ref())
                    .start(() -> run(value, path, values, settled));
        }
    }

    private void run(ReferencedValue value, String path, KindStore values, Runnable settled) {
        Backoff backoff = new Backoff();
        while (value.goesOn()) {
            try {
                if (value.take(get(path), values)) {
                    settled.run();
                }
                backoff.reset();
            } catch (InterruptedException e) {
                return; // the process ends
            } catch (Throwable e) {
                if (!(e instanceof IOException)) {
                    errors.report("source.values", value.ref().toString(), e);
                }
                if (value.failed(String.valueOf(e.getMessage()))) {
                    settled.run();
                }
                try {
                    Thread.sleep(backoff.next());
                } catch (InterruptedException interrupted) {
                    return;
                }
            }
        }
    }

    private ApiServer.ApiResponse get(String path) throws IOException, InterruptedException {
        places.acquire();
        try {
            return server.get(path);
        } finally {
            places.release();
        }
    }
}
